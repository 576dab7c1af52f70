import { EdgeConnectedV1, EdgeLostV1, EndpointRegisteredV1, EndpointUnregisteredV1, TrunkStateChangedV1 } from '@troncal/contracts';
import { shortened } from '../output/printable.js';
import { sentence, type Sentence } from './sentence.js';
import { words } from './words.js';

/** Phones, trunks and the telephone exchanges themselves. */
export const EDGE_SENTENCES: readonly Sentence[] = [
  sentence(EndpointRegisteredV1, {
    en: (d) => `extension ${d.extension} is registered${d.userAgent === undefined ? '' : ` with ${shortened(d.userAgent, 60)}`}`,
    es: (d) => `el anexo ${d.extension} está registrado${d.userAgent === undefined ? '' : ` con ${shortened(d.userAgent, 60)}`}`,
  }),
  sentence(EndpointUnregisteredV1, {
    en: (d) => `extension ${d.extension} is no longer registered: ${words.en[d.reason]}`,
    es: (d) => `el anexo ${d.extension} ya no está registrado: ${words.es[d.reason]}`,
  }),
  sentence(TrunkStateChangedV1, {
    en: (d) => `the trunk ${d.trunk} is now: ${words.en[d.state]}`,
    es: (d) => `la troncal ${d.trunk} ahora: ${words.es[d.state]}`,
  }),
  sentence(EdgeConnectedV1, {
    en: (d) => `the exchange ${d.edgeId} (Asterisk ${d.version}) is connected; calls taken up again: ${d.reownedCalls}, ended meanwhile: ${d.endedCalls}`,
    es: (d) => `la central ${d.edgeId} (Asterisk ${d.version}) está conectada; llamadas retomadas: ${d.reownedCalls}, terminadas entretanto: ${d.endedCalls}`,
  }),
  sentence(EdgeLostV1, {
    en: (d) => `the exchange ${d.edgeId} was lost: ${words.en[d.reason]}`,
    es: (d) => `se perdió la central ${d.edgeId}: ${words.es[d.reason]}`,
  }),
];
