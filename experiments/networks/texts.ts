/** What a reader must not conclude from any simulated network here. */
export const NETWORK_CAVEATS = [
  'The ledger counts what the synapses and neurons of the network did. Poisson input comes from outside and has no ' +
    'address here: it is not billed.',
  'Correlations and distributions are of one stretch of time of one network; single neurons with few spikes have a ' +
    'rate and a CV that are known only roughly.',
];

export const VOGELS_ABBOTT =
  'Vogels and Abbott 2005, doi:10.1523/JNEUROSCI.3508-05.2005: self-sustained irregular activity';
