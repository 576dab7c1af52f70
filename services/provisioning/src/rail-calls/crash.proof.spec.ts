import { railCrashesAt } from '../../test/support/rail-crashes.js';

railCrashesAt([
  'transaction.before-commit:1', 'transaction.before-commit:2', 'transaction.after-commit:2', 'transaction.before-commit:3', 'transaction.after-commit:4', 'transaction.before-commit:6', 'transaction.after-commit:7',
  'transaction.before-commit:9', 'outbox.after-mark:1', 'outbox.after-publish:1', 'outbox.after-publish:3', 'journal.before-append:1', 'journal.after-append:1', 'journal.before-empty:1', 'journal.after-empty:1',
]);
