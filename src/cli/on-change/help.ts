import {events} from '../../domain/alerts/events.ts'
import {type Command, exit} from '../command.ts'
import {helpRow} from '../options.ts'
import {folded} from '../print/word-wrap.ts'

/** To be put between single quotes behind --on-change. */
export const recipes = {
  ntfy: 'curl -fsS -m 20 -H "Title: $GATECRAB_HOST: $GATECRAB_EVENT" -H "Priority: $GATECRAB_URGENCY" --data-raw "$GATECRAB_SUMMARY" https://ntfy.sh/YOUR-TOPIC',
  webhook: 'curl -fsS -m 20 -H "Content-Type: application/json" --data-binary @- https://hooks.example.org/gatecrab',
  mail: 'printf "%s\\n" "$GATECRAB_SUMMARY" "$GATECRAB_BECAUSE" "$GATECRAB_DO" | mail -s "$GATECRAB_HOST: $GATECRAB_EVENT" ops@example.org',
} as const

const variables: Readonly<Record<string, string>> = {
  EVENT: 'which of the events below',
  CHANGE: 'began, ended or happened',
  URGENCY: "urgent, high, default or low, as ntfy's priorities; an end is low",
  SUMMARY: 'one sentence',
  AT: 'when it began, ended or happened, ISO 8601',
  HOST: 'this machine',
  GATEWAY: 'how the gateway fares: up, killed, stopped, frozen, foreign, …',
  PORT: 'its port',
  VERDICT: 'ok, soon, broken or unknown, as check has it',
  PROBLEM: 'the id of the problem, as check --json has it; empty where it is none',
  HARM: 'broken, soon or note',
  BECAUSE: 'why',
  DO: 'what helps',
}

const indent = '  '
const paragraph = (text: string): string => folded(text, '')

const onChangeText = (): string =>
  [
    'usage: gatecrab --on-change CMD                 the screen',
    '       gatecrab check --watch --on-change CMD   without a screen',
    '       gatecrab help service                    keeps it running',
    '',
    paragraph(
      'Runs CMD by /bin/sh once for each event that begins, ends or happens. How things stand at the start is not told. The end is told once all was well for 15 s, and only then is it told anew; what comes and goes often is told less and less. One command runs at a time and has 30 s; then it is ended with all that it started. Up to 20 more wait, then the oldest is dropped and counted. A failure is told once: on the screen, or on standard error.',
    ),
    '',
    paragraph('in its environment, cleaned of control characters (names of clients are text of strangers: quote the variables)'),
    ...Object.entries(variables).map(([name, about]) => helpRow(`GATECRAB_${name}`, about)),
    '',
    'on its standard input, one JSON document',
    paragraph(
      `${indent}gatecrab, event, change, urgency, summary, at, now, host, gateway {is, since, by, pid, port, version}, verdict, problem as in check --json or null, dropped`,
    ),
    '',
    paragraph(
      'onChange in the config file of gatecrab is the same; --no-on-change leaves it out, and a demo or a replay never runs it.',
    ),
    '',
    'events',
    ...Object.entries(events).map(([id, {about}]) => helpRow(id, about)),
    '',
    'examples',
    ...Object.values(recipes).map(recipe => `${indent}gatecrab check --watch --on-change '${recipe}'`),
    '',
  ].join('\n')

const print = async () => {
  process.stdout.write(onChangeText())
  return exit.fine
}

/** A text to read, at `gatecrab help on-change`. */
export const onChangeTopic: Command = {
  words: 'on-change',
  about: 'how a command is told of changes',
  flags: {},
  text: onChangeText,
  run: print,
}
