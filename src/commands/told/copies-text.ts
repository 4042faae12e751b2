import {clock, plural} from '../../app/words.ts'
import {addressOf} from '../../domain/attempts/attempt.ts'
import {stateOf} from '../../domain/attempts/client.ts'
import {droppedText} from '../../domain/attempts/eviction.ts'
import {nameOf} from '../../domain/attempts/name.ts'
import {clean} from '../../domain/clean.ts'
import type {Enforced, TokenCopy} from '../../domain/token/token-copy.ts'
import {cardOf, outOfReach, placeRow} from '../../domain/token/token-copy-places.ts'
import {type CopiesLook, holderOfCopy} from '../known/copies-look.ts'
import {wrapped} from './wrapped.ts'

const whereWidth = 26

const homely = (path: string, home: string): string => (path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path)

const fitted = (text: string): string => (text.length > whereWidth ? `…${text.slice(text.length - whereWidth + 1)}` : text)

const isTrouble = ({problems}: TokenCopy): boolean => problems?.some(({matters}) => matters) ?? false

const tokenText = ({kind, fingerprint}: TokenCopy): string => (kind === 'placeholder' ? 'none' : (fingerprint ?? 'unread'))

const row = (copy: TokenCopy, home: string): string => {
  const sign = isTrouble(copy) ? '!' : copy.wins ? '*' : ' '
  const where = fitted(homely(copy.path, home))
  const title = placeRow(copy.place).title
  return `${sign} ${title.padEnd(21)} ${tokenText(copy).padEnd(11)} ${copy.verdict.padEnd(12)} ${(copy.mode ?? '').padEnd(4)} ${where}`.trimEnd()
}

const enforcedText = ({fingerprint, by, acceptsAnything, because, provenAt}: Enforced): string => {
  if (acceptsAnything === true) return 'It accepts any token.'
  if (by === 'oracle' && fingerprint !== null)
    return `It takes ${fingerprint}, as it said itself at ${clock(Date.parse(provenAt ?? ''))}.`
  if (by === 'oracle') return `It takes none of the tokens it was asked with: ${because}.`
  const guess = fingerprint === null ? '' : ` By the rules of its release it should take ${fingerprint}.`
  return `Which token it takes is not proven: ${because}.${guess}`
}

const head = ({gateway, enforced}: CopiesLook): string[] => [
  `gateway ${gateway.host}:${gateway.port}, OpenClaw ${gateway.release ?? 'of an unknown release'}${gateway.pid === null ? '' : `, pid ${gateway.pid}`}`,
  wrapped(enforcedText(enforced)),
]

const titles = (copies: readonly TokenCopy[]): string => [...new Set(copies.map(({place}) => placeRow(place).title))].join(', ')

const table = ({copies, looked}: CopiesLook): string[] => {
  const {home} = looked.where.around
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
const marked = (mark: string, text: string): string => `${mark}${wrapped(text, ' '.repeat(mark.length)).slice(mark.length)}`

const pair = (title: string, cure: string, mark: string): string[] => [
  marked(mark, `${title}.`),
  wrapped(`To do: ${cure}`, ' '.repeat(mark.length)),
]

const troubleText = (troubles: CopiesLook['troubles']): string[] =>
  troubles.flatMap(({title, cure, matters}) => ['', ...pair(title, cure, matters ? '! ' : '  ')])

const problemText = ({copies, looked}: CopiesLook): string[] => {
  const bad = copies.filter(({problems}) => (problems?.length ?? 0) > 0)
  return bad.flatMap(copy => [
    '',
    `${isTrouble(copy) ? '!' : ' '} ${placeRow(copy.place).title}: ${homely(copy.path, looked.where.around.home)}${copy.key === '' ? '' : `, ${copy.key}`}`,
    ...(copy.problems ?? []).flatMap(({title, cure}) => pair(title, cure, '    ')),
  ])
}

const revertedText = (look: CopiesLook): string[] =>
  look.reverted.length > 0
    ? [
        '',
        'If it seems to have come back:',
        ...look.reverted.flatMap(({title, evidence, cure, sure}) => [
          marked('  - ', `${sure ? '' : 'Perhaps: '}${title}.`),
          ...evidence.map(one => wrapped(one, '      ')),
          wrapped(`To do: ${cure}`, '    '),
        ]),
      ]
    : []

const handText = ({copies}: CopiesLook): string[] => [
  '',
  'Out of reach of any tool; after a rotation a person has to:',
  ...copies
    .filter(({place}) => outOfReach.includes(place))
    .map(copy => marked('  - ', `${placeRow(copy.place).title}: ${cardOf(copy)}`)),
]

const clientText = ({clients, noLongerKept, looked}: CopiesLook): string[] => [
  '',
  clients.length === 0 && noLongerKept === 0
    ? 'No client was refused for its token in the last day.'
    : `${plural(clients.length, 'client')} refused for the token${noLongerKept === 0 ? '' : `, ${droppedText(noLongerKept)}`}:`,
  ...clients.map(client => {
    const what = `${client.refused} × ${client.lastReason ?? 'unknown'}`
    return `  ${stateOf(client, looked.now).padEnd(8)} ${nameOf(client).padEnd(26)} ${(addressOf(client) ?? '').padEnd(16)} ${what}; ${placeRow(holderOfCopy(client)).title}`
  }),
]

const red = (line: string): string => (line === '' ? line : `\u001b[1;31m${line}\u001b[0m`)

const safeLines = (texts: readonly string[]): string[] => texts.flatMap(text => text.split('\n')).map(line => clean(line))

/** For a terminal of 80 columns. */
export const copiesText = (look: CopiesLook, {colour, ascii}: {colour: boolean; ascii: boolean}): string => {
  const off = look.troubles.filter(({id}) => id === 'authentication-off')
  const others = look.troubles.filter(({id}) => id !== 'authentication-off')
  const rest = [table(look), troubleText(others), problemText(look), revertedText(look), handText(look), clientText(look)]
  const loud = safeLines(troubleText(off))
  const lines = [...safeLines(head(look)), ...(colour ? loud.map(red) : loud), '', ...safeLines(rest.flat())]
  const text = `${lines.join('\n')}\n`
  return ascii ? text.replaceAll('…', '...').replaceAll('×', 'x') : text
}
