import {describe, expect, test} from 'vitest'
import {causeOf as causeIn} from '../../src/domain/diagnosis/cause.ts'
import type {Problem} from '../../src/domain/diagnosis/problem.ts'
import type {RefusedClient} from '../../src/domain/diagnosis/refused-clients.ts'
import type {TimelineEvent} from '../../src/domain/timeline/timeline.ts'
import {apply, clientsOf, refusal} from './event-builders.ts'

const at = (clock: string): number => Date.parse(`2026-11-30T${clock}Z`)
const from = {file: 'log', line: 1}

const loaded = (clock: string): TimelineEvent => ({at: at(clock), kind: 'rotation', text: '', from, of: 'config-applied'})
const started = (clock: string): TimelineEvent => ({at: at(clock), kind: 'start', text: '', from, of: 'gateway-listening'})
const written = (clock: string, by: NonNullable<TimelineEvent['wrote']>['by']): TimelineEvent => ({
  at: at(clock),
  kind: 'config',
  text: '',
  from,
  wrote: {by, at: [at(clock)]},
})

const refused = (id: string, clock: string): Problem => ({
  id,
  layer: 'gateway',
  harm: 'broken',
  title: '',
  because: '',
  tryThis: '',
  since: at(clock),
  count: 3,
  sure: 'certain',
  evidence: [],
})

const causeOf = (timeline: TimelineEvent[], changes: TimelineEvent[], problems: Problem[], refused: RefusedClient[] = []) =>
  causeIn({timeline, changes, problems, refused})

/** One that was let in then, and is refused now. */
const letIn = (clock: string): RefusedClient[] =>
  clientsOf(apply([refusal(1, 20)])).map(client => ({
    client: {...client, admittedAt: at(clock)},
    tally: [...client.tallies.values()][0]!,
  }))

describe('the cause of refusals', () => {
  test('is the change of the token that was loaded before the first of them, and who wrote it', () => {
    const problems = [
      refused('token-mismatch', '18:40:45'),
      refused('rate-limited', '18:41:18'),
      refused('not-paired', '12:00:00'),
    ]
    const cause = causeOf([loaded('18:40:39')], [written('18:40:38', 'unrecorded')], problems)
    expect(cause).toMatchObject({
      id: 'token-changed',
      at: at('18:40:38'),
      loadedAt: at('18:40:39'),
      wrote: {by: 'unrecorded'},
      explains: ['token-mismatch', 'rate-limited'],
    })
  })

  test('is the change that broke them, not a later one', () => {
    const cause = causeOf([loaded('18:40:39'), loaded('18:48:06')], [], [refused('token-mismatch', '18:40:45')])
    expect(cause).toMatchObject({id: 'token-changed', at: at('18:40:39'), wrote: null})
  })

  test('is a start of the gateway, where they began with it and were in before', () => {
    const problems = [refused('token-mismatch', '18:40:45')]
    const cause = causeOf([started('18:40:39')], [], problems, letIn('18:30:00'))
    expect(cause).toMatchObject({id: 'gateway-started', at: at('18:40:39')})
    expect(causeOf([started('10:00:00')], [], problems, letIn('09:30:00'))).toBeNull()
    expect(causeOf([started('18:40:39')], [], problems, letIn('18:41:00'))).toBeNull()
    expect(causeOf([started('18:40:39')], [], problems)).toBeNull()
  })

  test('is not the start of another gateway in the same log', () => {
    expect(
      causeOf([{...started('18:40:39'), isOther: true}], [], [refused('token-mismatch', '18:40:45')], letIn('18:30:00')),
    ).toBeNull()
  })

  test('is no change that came after them, and none of who never had the token', () => {
    expect(causeOf([loaded('18:50:00')], [], [refused('token-mismatch', '18:40:45')])).toBeNull()
    expect(causeOf([loaded('18:40:39')], [], [refused('token-missing', '18:40:45')])).toBeNull()
    expect(causeOf([loaded('18:40:39')], [], [refused('not-paired', '18:40:45')])).toBeNull()
  })

  test('names no writer whose record is of another minute', () => {
    const cause = causeOf([loaded('18:40:39')], [written('18:30:00', 'openclaw')], [refused('token-mismatch', '18:40:45')])
    expect(cause).toMatchObject({at: at('18:40:39'), wrote: null})
  })
})
