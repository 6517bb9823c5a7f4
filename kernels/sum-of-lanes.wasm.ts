/** Sum of the four lanes of a vector of f32, by pairs. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
