import type { Domain, EventDefinition, EventOf, StackState } from '@troncal/contracts';
import { tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import { eventually } from './eventually.js';

/** Everything said on the bus of a running Troncal since it was opened, as an outside observer sees it. */
export class EventRecorder {
  private constructor(
    private readonly tail: Tail,
    readonly all: readonly SeenEvent[],
  ) {}

  static async open(state: StackState, domains?: readonly Domain[]): Promise<EventRecorder> {
    const all: SeenEvent[] = [];
    const tail = await tailEvents({ url: state.nats.url, ...state.nats.observer }, (event) => all.push(event), domains ? { domains } : {});
    await tail.started;
    return new EventRecorder(tail, all);
  }

  /** The events of one type that fit, in order. */
  of<Data>(definition: EventDefinition<Data>, fits: (event: EventOf<Data>) => boolean = () => true): EventOf<Data>[] {
    return this.all.filter(({ envelope }) => envelope.type === definition.type).map(({ envelope }) => definition.read(envelope)).filter(fits);
  }

  /** Waits for an event of this type that fits. */
  async seen<Data>(definition: EventDefinition<Data>, fits: (event: EventOf<Data>) => boolean = () => true, withinMs = 15_000): Promise<EventOf<Data>> {
    return eventually(`${definition.type} is on the bus`, () => this.of(definition, fits)[0], withinMs);
  }

  stop(): Promise<void> {
    return this.tail.stop();
  }
}
