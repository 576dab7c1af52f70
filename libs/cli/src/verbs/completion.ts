import { EXIT } from '../exit-codes.js';
import { verb } from '../verb.js';

// The words come from the command itself, so that a new verb is completed without a new script. yargs writes "name:description" for
// zsh when SHELL says zsh, which is why SHELL is set here to say what is asked for.
const SCRIPTS = {
  bash: `_troncal() {
  local words
  mapfile -t words < <(SHELL=bash troncal --get-yargs-completions "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "\${words[*]}" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _troncal troncal
`,
  zsh: `#compdef troncal
_troncal() {
  local -a words_found
  words_found=("\${(@f)$(SHELL=zsh troncal --get-yargs-completions "\${words[@]}" 2>/dev/null)}")
  _describe 'troncal' words_found
}
compdef _troncal troncal
`,
  fish: `complete -c troncal -f -a '(env SHELL=bash troncal --get-yargs-completions (commandline -opc) (commandline -ct) 2>/dev/null)'
`,
} as const;

const HOW = `Prints a completion script. bash: source <(troncal completion bash); fish: troncal completion fish | source; zsh the same as bash`;

export const completion = verb(
  'completion [shell]',
  HOW,
  (yargs) => yargs.positional('shell', { choices: ['bash', 'zsh', 'fish'] as const, default: 'bash' as const, describe: 'Which shell' }),
  async (args, session) => {
    session.terminal.out(SCRIPTS[args.shell]);
    return Promise.resolve(EXIT.ok);
  },
);
