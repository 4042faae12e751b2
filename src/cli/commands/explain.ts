import {clean} from '../../domain/clean.ts'
import {usageFailure} from '../../domain/failure.ts'
import {nearest} from '../../domain/nearest.ts'
import {allReasons, lookUp, type ReasonRow, reasonById} from '../../domain/reasons/reason.ts'
import {reasonsIn} from '../../gateway/lines/ending-facts.ts'
import {type Command, type ExitCode, exit} from '../command.ts'
import type {Args, Flags} from '../options.ts'
import {printFailure} from '../print/failure-output.ts'
import {toJson} from '../print/json.ts'
import {wrapped} from '../print/word-wrap.ts'

const flags = {
  list: {about: 'the whole table'},
  json: {about: 'as JSON'},
} satisfies Flags

const layers = {
  gateway: "the gateway's session layer",
  network: 'the network',
  client: 'the client',
  lifecycle: "the gateway's own life",
  provider: 'the model provider, not the gateway',
  channel: 'the chat channel, not the gateway',
} as const

const sureness = {certain: 'seen in running gateways', likely: "read in the gateway's code", guess: 'not known for sure'} as const

const inText = (row: ReasonRow): string =>
  [
    row.id,
    wrapped(`layer: ${layers[row.layer]}; ${sureness[row.sure]}; first known in ${row.since}`, '  '),
    wrapped(row.means, '  '),
    wrapped(`What to do: ${row.tryThis}`, '  '),
    ...(row.tryThisFrom ? [wrapped(`From ${row.tryThisFrom.release} on: ${row.tryThisFrom.tryThis}`, '  ')] : []),
    ...(row.fixes.length > 0 ? [`  keys that help: ${row.fixes.join(', ')}`] : []),
  ].join('\n')

const inJson = ({
  id,
  layer,
  under,
  authReason,
  cause,
  alias,
  also,
  codes,
  status,
  since,
  sure,
  means,
  fixes,
  tryThis,
  example,
}: ReasonRow): object => ({
  id,
  under: under ?? null,
  layer,
  authReason: authReason ?? null,
  cause: cause ?? null,
  alias: [...(alias ?? []), ...(also ?? [])],
  codes: codes ?? [],
  status: status ?? [],
  since,
  sure,
  means,
  fixes,
  todo: tryThis,
  example,
})

const rowsFor = (word: string): readonly ReasonRow[] => {
  const isLine = word.includes(' ') && (word.includes('{') || /\b(?:conn|code|reason|remote|cause|status)=/.test(word))
  const reasons = isLine ? reasonsIn(word, Date.now()) : []
  return reasons.length > 0 ? reasons.map(id => lookUp(id)[0] ?? reasonById(id)) : lookUp(word)
}

const readPasted = async (): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8').trim()
}

const best = (rows: readonly ReasonRow[]): object => ({...inJson(rows[0]!), others: rows.slice(1).map(({id}) => id)})

const print = (rows: readonly ReasonRow[], args: Args, asList: boolean): void => {
  const out = args.flag('json') ? toJson(asList ? rows.map(inJson) : best(rows), 2) : rows.map(inText).join('\n\n')
  process.stdout.write(`${out}\n`)
}

const maxShown = 5
const reasonIds = allReasons.map(({id}) => id)

const run = async (args: Args): Promise<ExitCode> => {
  if (args.flag('list')) {
    print(allReasons, args, true)
    return exit.fine
  }
  const words = args.positionals.slice(1).join(' ')
  const word = words === '-' || (words === '' && !process.stdin.isTTY) ? await readPasted() : words
  if (word === '')
    return printFailure(
      usageFailure('No such reason', {
        because: 'explain takes a close code, a reason, a message of a client or app, or a whole log line',
        tryThis: '`gatecrab explain --list`',
      }),
    )
  const rows = rowsFor(word)
  const near = nearest(word.toLowerCase().replaceAll('_', '-'), reasonIds)
  if (rows.length === 0)
    return printFailure({
      title: `Unknown reason “${clean(word, 80)}”`,
      tryThis: near === null ? '`gatecrab explain --list` prints those that are' : `Did you mean ${near}?`,
      from: 'gateway',
    })
  print(rows.slice(0, maxShown), args, false)
  return exit.fine
}

export const explain: Command = {
  words: 'explain WORD',
  about: 'a close code, a reason, or a whole log line: what it means, whose fault, what helps',
  flags,
  common: ['help'],
  settings: 'none',
  run,
}
