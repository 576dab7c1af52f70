export { sheetsCsv } from './csv.js';
export { SHEET_KINDS, type DeviceSheet, type SheetKind, type SheetOptions } from './device-sheet.js';
export { makerOf, type DeviceMaker } from './device-model.js';
export { acrobitsCode } from './groundwire.js';
export { sheetRows } from './readable.js';
export { labelOf, requireSheetFacts, type SheetCodec, type SheetFacts, type SheetTerms, type SheetTransport } from './sheet-facts.js';
export { wordsOf, type SheetWords } from './sheet-words.js';
export { asteriskTerms, twilioTerms } from './terms.js';
export { writeSheet } from './write-sheet.js';
