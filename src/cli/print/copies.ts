import {clock, plural} from '../../app/words.ts'
import {addressOf} from '../../domain/attempts/attempt.ts'
import {type Client, clientStateOf} from '../../domain/attempts/client.ts'
import {nameOf} from '../../domain/attempts/client-name.ts'
import {droppedText} from '../../domain/attempts/eviction-policy.ts'
import {clean} from '../../domain/clean.ts'
import type {AcceptedToken, TokenCopy} from '../../domain/token/copy.ts'
import {manualStepFor, outOfReach, placeRow} from '../../domain/token/places.ts'
import {type CopiesReport, holderOfCopy} from '../../runtime/copies-report.ts'
import {clientJson} from './attempt.ts'
import {wrapped} from './word-wrap.ts'

const copyJson = (copy: TokenCopy): object => ({
  place: copy.place,
  title: placeRow(copy.place).title,
  path: copy.path,
  key: copy.key,
  kind: copy.kind,
  pointsTo: copy.pointsTo,
  fingerprint: copy.fingerprint,
  wins: copy.wins,
  verdict: copy.verdict,
  writable: copy.writable,
  mode: copy.mode,
  problem: copy.problem,
  problems: copy.problems ?? [],
  card: manualStepFor(copy),
  outOfReach: outOfReach.includes(copy.place),
})

const holderJson = (client: Client, now: number): object => {
  const place = holderOfCopy(client)
  return {...clientJson(client, now), holds: place, card: manualStepFor({place, path: '', key: ''})}
}

const cliJson = ({cli, enforced}: CopiesReport): object => ({
  place: cli.copy?.place ?? null,
  path: cli.copy?.path ?? null,
  key: cli.copy?.key ?? null,
  fingerprint: cli.copy?.fingerprint ?? null,
  agrees: cli.copy?.digest == null || enforced.digest === null ? null : cli.copy.digest === enforced.digest,
  because: cli.because,
  sure: cli.sure,
})

/** The printed form of the contract: fields may be added here, never renamed. Marks stay out of it: they are good for one run only. */
export const copiesDocument = (look: CopiesReport): object => {
  const {fingerprint, by, provenAt, acceptsAnything, because} = look.enforced
  return {
    enforced: {fingerprint, by, provenAt, acceptsAnything, because},
    gateway: look.gateway,
    commandLine: cliJson(look),
    problems: look.tokenProblems,
    reverted: look.reverted,
    copies: look.copies.map(copyJson),
    clients: look.clients.map(client => holderJson(client, look.snapshot.now)),
    noLongerKept: look.droppedRecords,
  }
}

const whereWidth = 26

const homely = (path: string, home: string): string => (path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path)

const fitted = (text: string): string => (text.length > whereWidth ? `…${text.slice(text.length - whereWidth + 1)}` : text)

const hasProblem = ({problems}: TokenCopy): boolean => problems?.some(({matters}) => matters) ?? false

const tokenText = ({kind, fingerprint}: TokenCopy): string => (kind === 'placeholder' ? 'none' : (fingerprint ?? 'unread'))

const row = (copy: TokenCopy, home: string): string => {
  const sign = hasProblem(copy) ? '!' : copy.wins ? '*' : ' '
  const where = fitted(homely(copy.path, home))
  const title = placeRow(copy.place).title
  return `${sign} ${title.padEnd(21)} ${tokenText(copy).padEnd(11)} ${copy.verdict.padEnd(12)} ${(copy.mode ?? '').padEnd(4)} ${where}`.trimEnd()
}

const enforcedText = ({fingerprint, by, acceptsAnything, because, provenAt}: AcceptedToken): string => {
  if (acceptsAnything === true) return 'It accepts any token.'
  if (by === 'oracle' && fingerprint !== null)
    return `It takes ${fingerprint}, as it said itself at ${clock(Date.parse(provenAt ?? ''))}.`
  if (by === 'oracle') return `It takes none of the tokens it was asked with: ${because}.`
  const guess = fingerprint === null ? '' : ` By the rules of its release it should take ${fingerprint}.`
  return `Which token it takes is not proven: ${because}.${guess}`
}

const head = ({gateway, enforced}: CopiesReport): string[] => [
  `gateway ${gateway.host}:${gateway.port}, OpenClaw ${gateway.release ?? 'of an unknown release'}${gateway.pid === null ? '' : `, pid ${gateway.pid}`}`,
  wrapped(enforcedText(enforced)),
]

const titles = (copies: readonly TokenCopy[]): string => [...new Set(copies.map(({place}) => placeRow(place).title))].join(', ')

const table = ({copies, snapshot}: CopiesReport): string[] => {
  const {home} = snapshot.context.hostEnv
  const present = copies.filter(copy => copy.kind !== 'unset' && !outOfReach.includes(copy.place))
  const unset = copies.filter(({kind}) => kind === 'unset')
  return [
    `  ${'COPY'.padEnd(21)} ${'TOKEN'.padEnd(11)} ${'VERDICT'.padEnd(12)} MODE WHERE`,
    ...present.map(copy => row(copy, home)),
    ...(present.length === 0 ? ['  no copy was found'] : []),
    ...(unset.length > 0 ? [wrapped(`  Not set: ${titles(unset)}.`, '  ')] : []),
  ]
}

/** A paragraph whose first line begins with a mark, the others below its text. */
const withBullet = (bullet: string, text: string): string =>
  `${bullet}${wrapped(text, ' '.repeat(bullet.length)).slice(bullet.length)}`

const pair = (title: string, tryThis: string, bullet: string): string[] => [
  withBullet(bullet, `${title}.`),
  wrapped(`To do: ${tryThis}`, ' '.repeat(bullet.length)),
]

const tokenProblemText = (tokenProblems: CopiesReport['tokenProblems']): string[] =>
  tokenProblems.flatMap(({title, cure: tryThis, matters}) => ['', ...pair(title, tryThis, matters ? '! ' : '  ')])

const problemText = ({copies, snapshot}: CopiesReport): string[] => {
  const bad = copies.filter(({problems}) => (problems?.length ?? 0) > 0)
  return bad.flatMap(copy => [
    '',
    `${hasProblem(copy) ? '!' : ' '} ${placeRow(copy.place).title}: ${homely(copy.path, snapshot.context.hostEnv.home)}${copy.key === '' ? '' : `, ${copy.key}`}`,
    ...(copy.problems ?? []).flatMap(({title, cure: tryThis}) => pair(title, tryThis, '    ')),
  ])
}

const revertedText = (look: CopiesReport): string[] =>
  look.reverted.length > 0
    ? [
        '',
        'If it seems to have come back:',
        ...look.reverted.flatMap(({title, evidence, cure: tryThis, sure}) => [
          withBullet('  - ', `${sure ? '' : 'Perhaps: '}${title}.`),
          ...evidence.map(one => wrapped(one, '      ')),
          wrapped(`To do: ${tryThis}`, '    '),
        ]),
      ]
    : []

const manualStepsText = ({copies}: CopiesReport): string[] => [
  '',
  'Out of reach of any tool; after a rotation a person has to:',
  ...copies
    .filter(({place}) => outOfReach.includes(place))
    .map(copy => withBullet('  - ', `${placeRow(copy.place).title}: ${manualStepFor(copy)}`)),
]

const clientText = ({clients, droppedRecords: noLongerKept, snapshot}: CopiesReport): string[] => [
  '',
  clients.length === 0 && noLongerKept === 0
    ? 'No client was refused for its token in the last day.'
    : `${plural(clients.length, 'client')} refused for the token${noLongerKept === 0 ? '' : `, ${droppedText(noLongerKept)}`}:`,
  ...clients.map(client => {
    const what = `${client.refused} × ${client.lastReason ?? 'unknown'}`
    return `  ${clientStateOf(client, snapshot.now).padEnd(8)} ${nameOf(client).padEnd(26)} ${(addressOf(client) ?? '').padEnd(16)} ${what}; ${placeRow(holderOfCopy(client)).title}`
  }),
]

const red = (line: string): string => (line === '' ? line : `\u001b[1;31m${line}\u001b[0m`)

const safeLines = (texts: readonly string[]): string[] => texts.flatMap(text => text.split('\n')).map(line => clean(line))

/** For a terminal of 80 columns. */
export const copiesText = (look: CopiesReport, {colour, ascii}: {colour: boolean; ascii: boolean}): string => {
  const off = look.tokenProblems.filter(({id}) => id === 'authentication-off')
  const others = look.tokenProblems.filter(({id}) => id !== 'authentication-off')
  const rest = [
    table(look),
    tokenProblemText(others),
    problemText(look),
    revertedText(look),
    manualStepsText(look),
    clientText(look),
  ]
  const loud = safeLines(tokenProblemText(off))
  const lines = [...safeLines(head(look)), ...(colour ? loud.map(red) : loud), '', ...safeLines(rest.flat())]
  const text = `${lines.join('\n')}\n`
  return ascii ? text.replaceAll('…', '...').replaceAll('×', 'x') : text
}
