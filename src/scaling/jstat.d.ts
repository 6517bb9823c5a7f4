/** The part of jstat that is used here; the package carries no types. */
declare module 'jstat' {
  const jstat: {
    studentt: {
      /** Quantile of Student's t with `df` degrees of freedom. */
      inv(p: number, df: number): number;
    };
    normal: {
      inv(p: number, mean: number, sd: number): number;
      pdf(x: number, mean: number, sd: number): number;
      cdf(x: number, mean: number, sd: number): number;
    };
  };
  export default jstat;
}
