/** One message of AMI: a response or an event. Names are compared without regard to case, as AMI does; a name may come several times. */
export class AmiMessage {
  constructor(readonly fields: readonly (readonly [name: string, value: string])[]) {}

  /** The first value of that name. */
  get(name: string): string | undefined {
    const wanted = name.toLowerCase();
    return this.fields.find(([own]) => own.toLowerCase() === wanted)?.[1];
  }

  /** Every value of that name, in order. */
  all(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.fields.filter(([own]) => own.toLowerCase() === wanted).map(([, value]) => value);
  }

  /** The event's name; undefined for a response. */
  get event(): string | undefined {
    return this.get('Event');
  }

  get actionId(): string | undefined {
    return this.get('ActionID');
  }
}
