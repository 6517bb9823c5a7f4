import { coba } from '../../models/networks/vogels-abbott.js';
import { vogelsAbbottBench } from './vogels-abbott.js';

export default vogelsAbbottBench(
  'Vogels-Abbott network with conductance-based synapses, 4,000 neurons and more',
  coba,
);
