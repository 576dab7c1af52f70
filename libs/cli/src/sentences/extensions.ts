import { DeviceSheetIssuedV1, DeviceSheetTakenV1 } from '@troncal/contracts';
import { sentence, type Sentence } from './sentence.js';

/** What telephones are given to set themselves up. */
export const EXTENSION_SENTENCES: readonly Sentence[] = [
  sentence(DeviceSheetIssuedV1, {
    en: (d) => `a one-time link to the ${d.kind} sheet of ${d.extensions.join(', ')} was made by ${d.issuedBy}`,
    es: (d) => `${d.issuedBy} creó un enlace de un solo uso a la ficha ${d.kind} de ${d.extensions.join(', ')}`,
  }),
  sentence(DeviceSheetTakenV1, {
    en: (d) => `the ${d.kind} sheet of ${d.extensions.join(', ')} was handed to ${d.by === 'device' ? 'a device' : 'a person'} at ${d.from}`,
    es: (d) => `la ficha ${d.kind} de ${d.extensions.join(', ')} se entregó a ${d.by === 'device' ? 'un aparato' : 'una persona'} en ${d.from}`,
  }),
];
