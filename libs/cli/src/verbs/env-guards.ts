import { usageError } from '../cli-error.js';

const TRIGGER = /^(?<name>[^=]+)=(?<above>\d+(?:\.\d+)?)\/(?<every>day|month|year|ever)(?::(?<category>[a-z0-9-]+)(?::(?<by>price|usage|count))?)?$/;

/** A usage trigger as far as it can be told apart; which words there are the contract's schema says. */
type Written = Readonly<Record<'name' | 'every' | 'category' | 'by', string>> & { readonly above: number };

/** Usage triggers as they are written in a line, `daily-spend=50/day` or `calls=5000/month:calls-outbound:count`. @throws CliError */
export function usageTriggersOf(texts: readonly string[] | undefined): Written[] | undefined {
  return texts?.map((text) => {
    const { name, above, every, category = 'totalprice', by = 'price' }: Partial<Record<string, string>> = TRIGGER.exec(text)?.groups ?? {};
    if (name === undefined || above === undefined || every === undefined) throw usageError(`"${text}" is no usage trigger`, 'Write NAME=AMOUNT/day, month, year or ever, and what is counted: daily-spend=50/day, calls=5000/month:calls-outbound:count');
    return { name, above: Number(above), every, category, by };
  });
}
