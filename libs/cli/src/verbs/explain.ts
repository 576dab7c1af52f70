import { EXIT } from '../exit-codes.js';
import { describeStory, explained } from '../explain/describe-story.js';
import { gatherStory } from '../explain/gather-story.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const explain = verb(
  'explain <id>',
  'The story of a call: what happened, how long it took, what was slow or is missing, and why it ended',
  (yargs) =>
    yargs
      .positional('id', { type: 'string', demandOption: true, describe: 'Call id, its beginning or end (4 or more characters), or “last”' })
      .option('json', { type: 'boolean', default: false, describe: 'For programs (as with -o json)' }),
  async (args, session) => {
    const story = await gatherStory(session, args.id.toLowerCase().replace(/…$/, ''));
    const now = Date.now();
    show(args.json ? { ...session, output: 'json' } : session, explained(story, session.language, now), () => describeStory(story, session.language, session.style, now));
    return EXIT.ok;
  },
);
