import { cuba } from '../../models/networks/vogels-abbott.js';
import { vogelsAbbottBench } from './vogels-abbott.js';

export default vogelsAbbottBench(
  'Vogels-Abbott network with current-based synapses, 4,000 neurons and more',
  cuba,
);
