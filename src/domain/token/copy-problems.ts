import {filledText} from '../shell.ts'

/** `matters`: the problem locks a client out, or lets one in, now or at the next start. */
export type CopyProblem = {id: CopyProblemId; title: string; cure: string; matters: boolean}

type ProblemRow = {title: string; cure: string; matters: boolean}

/** In the texts `{path}` and `{key}` are those of the copy, `{what}` is said by who found it. */
const problems = {
  placeholder: {
    title: 'It is no token but {what}',
    cure: 'Put the real token there; where there is none, `gatecrab rotate` makes one. Never write back what a command printed masked.',
    matters: true,
  },
  'inner-white-space': {
    title: 'There is white space or a line break inside it, so it cannot be sent',
    cure: 'Write {key} again, without line breaks.',
    matters: true,
  },
  quotes: {
    title: 'The quotes around it are part of the value',
    cure: 'Take them away in {path}: compose lists, `docker --env-file` and systemd do not strip them everywhere.',
    matters: true,
  },
  'pasted-name': {
    title: 'It begins with {what}, which is no part of a token',
    cure: 'Keep only the token in {path}.',
    matters: true,
  },
  unexpanded: {
    title: 'It is {what}, which nothing fills in there',
    cure: 'Write the token itself into {path}: variables are not expanded in this file.',
    matters: true,
  },
  template: {
    title: 'It is {what}, which OpenClaw takes literally: that text is the token',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a person reads it as it stands
    cure: 'Put the token itself there, or a reference that OpenClaw knows; it fills in ${NAME} and SecretRefs, and nothing else.',
    matters: true,
  },
  unresolved: {
    title: 'It points to {what}, which does not resolve',
    cure: 'Bring that back, or put a token there. Since 2026.8.2 the gateway starts all the same, with a token that nobody knows; older ones do not listen.',
    matters: true,
  },
  'cannot-follow': {
    title: 'It points to {what}, which only the gateway can read',
    cure: 'Change it at its source, then `openclaw secrets reload`.',
    matters: false,
  },
  pin: {
    title: 'A --token in the start command: the gateway ignores the config for ever',
    cure: 'Take --token out of {path}, put the token into gateway.auth.token, then `gatecrab restart`.',
    matters: true,
  },
  'pin-process': {
    title: 'It was started with --token: the gateway ignores the config for ever',
    cure: 'Take --token out of whatever starts it ({path}), put the token into gateway.auth.token, and start it again; a restart in place keeps it.',
    matters: true,
  },
  'shown-by-ps': {
    title: '`ps` shows it to every account of this machine, in the arguments of {path}',
    cure: 'Take --token out of that command, put a new token into gateway.auth.token, and start the gateway again.',
    matters: true,
  },
  stale: {
    title: 'It is not the token that the gateway takes; {what}',
    cure: '{card}',
    matters: true,
  },
  'stale-quiet': {
    title: 'It is not the token that the gateway takes; {what}',
    cure: '{card}',
    matters: false,
  },
  'hides-reference': {
    title: 'The literal hides a reference: {what}',
    cure: 'Put the reference back, or drop the variable or file that it named: changing those does nothing now.',
    matters: false,
  },
  shadowed: {
    title: 'Another key of the config overrides it',
    cure: 'Keep gateway.auth.token in one file only.',
    matters: false,
  },
  duplicate: {
    title: 'The file has {what} lines for {key}; the last one wins',
    cure: 'Keep the last one.',
    matters: false,
  },
  leaked: {
    title: 'The token in use stands here in clear text, in {key}',
    cure: 'Run `gatecrab rotate`: whoever can read this file has the key to the gateway.',
    matters: true,
  },
  'leaked-old': {
    title: 'A token stands here in clear text, in {key}',
    cure: 'Harmless as long as it is refused; take it out of {path}.',
    matters: false,
  },
  'open-to-all': {
    title: 'Every user of this machine can read the token in use (mode {what})',
    cure: 'Run `chmod 600 {path}`, and rotate if you do not trust them all.',
    matters: true,
  },
  'open-plist': {
    title: 'Every user of this machine can read the token in use (mode {what})',
    cure: 'Take {key} out of {path} and keep the token in the config alone, then `gatecrab rotate`. Leave the mode: launchd refuses a plist that others may not read.',
    matters: true,
  },
  'open-mode': {
    title: 'Others can read it (mode {what})',
    cure: 'Run `chmod 600 {path}`.',
    matters: false,
  },
  'wrong-owner': {
    title: 'It belongs to {what}, not to the owner of the state folder',
    cure: 'Run `chown` on {path}; a command run under sudo may have made it.',
    matters: false,
  },
  'white-space': {
    title: 'There is white space around it',
    cure: 'OpenClaw trims it; scripts that read {path} may not. Take it away.',
    matters: false,
  },
  'not-understood': {
    title: 'It cannot be understood: {what}',
    cure: 'Mend {path} before any restart; `openclaw config validate` says where.',
    matters: false,
  },
  'not-shown': {
    title: 'macOS shows the variables of this process to nobody: {what}',
    cure: '`gatecrab verify` asks the gateway which token it takes. One that launchd starts shows its variables.',
    matters: false,
  },
  unreadable: {
    title: 'It cannot be read: {what}',
    cure: "Run gatecrab as the gateway's user.",
    matters: false,
  },
} as const satisfies Record<string, ProblemRow>

export type CopyProblemId = keyof typeof problems

const rank = new Map(Object.keys(problems).map((id, i) => [id, i]))

type CopyLocation = {path: string; key: string}

export const createCopyProblem = (id: CopyProblemId, {path, key}: CopyLocation, what = '', manualStep = ''): CopyProblem => ({
  id,
  title: filledText(problems[id].title, {path, key, what, card: manualStep}),
  cure: filledText(problems[id].cure, {path, key, what, card: manualStep}),
  matters: problems[id].matters,
})

export const mattersByItself = (id: CopyProblemId): boolean => problems[id].matters

/** What matters first; then in the order of the table. */
const byWeight = (a: CopyProblem, b: CopyProblem): number =>
  Number(b.matters) - Number(a.matters) || (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0)

/** What a copy of the token has of problems: all, and the worst in words. */
type HasProblems = {problems?: readonly CopyProblem[]; problem: string | null}

const withOnly = <C extends HasProblems>(copy: C, problems: readonly CopyProblem[]): C => {
  const [worst] = problems
  return {...copy, problems, problem: worst === undefined ? null : `${worst.title}. ${worst.cure}`}
}

export const withProblems = <C extends HasProblems>(copy: C, more: readonly CopyProblem[]): C => {
  const byId = new Map([...(copy.problems ?? []), ...more].map(problem => [problem.id, problem]))
  return withOnly(copy, Array.from(byId.values()).toSorted(byWeight))
}

export const withoutProblems = <C extends HasProblems>(copy: C, ids: readonly CopyProblemId[]): C =>
  withOnly(
    copy,
    (copy.problems ?? []).filter(({id}) => !ids.includes(id)),
  )
