import { Controller } from '@nestjs/common';
import { SnapshotV1 } from '@troncal/contracts';
import { HandlesCommand } from '@troncal/messaging';
import type { z } from 'zod';
import { ReadSnapshot } from './read-snapshot.js';

type Request = z.output<typeof SnapshotV1.request>;
type Reply = z.input<typeof SnapshotV1.reply>;

/** Answers services that seed their projections. */
@Controller()
export class SnapshotResponder {
  constructor(private readonly snapshot: ReadSnapshot) {}

  @HandlesCommand(SnapshotV1)
  async answer(request: Request): Promise<Reply> {
    return this.snapshot.run(request.limit, request.after);
  }
}
