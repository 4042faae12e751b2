import {type Entry, endEntry, entriesOf, type ProcessIdentity, plannedEntry, type Written} from './journal.ts'
import {type Act, configBackup, isFirstToken, type Plan} from './plan.ts'

/** What the world looks like now, for a plan whose end is not in its journal. */
export type PlanCondition = {
  runner: 'alive' | 'gone'
  /** A command that the runner had started may outlive it. */
  child: 'alive' | 'gone'
  token: 'before' | 'after' | 'other' | 'unreadable' | 'broken'
}

/** The one right thing to do with a plan that was cut off. */
export type Continuation = {
  do: 'wait' | 'close' | 'finish' | 'roll-back' | 'again' | 'look'
  words: string
}

const actOf = (plan: Plan, id: string): Act['do'] | null => plan.steps.find(step => step.id === id)?.act.do ?? null

const writing: ReadonlySet<Act['do'] | null> = new Set([
  'write-token',
  'reinstall',
  'restart',
  'write-copy',
  'write-remote',
  'put-back',
  'restore',
  'renew-backup',
  'blank-leaks',
  'drop-backups',
  'roll-back',
  'save-login',
  'lend-terminal',
  'change-device',
])

const startedActs = (entries: readonly Entry[], plan: Plan): readonly (Act['do'] | null)[] =>
  entriesOf(entries, 'step-started')
    .map(({step}) => (step === 'roll-back' ? 'roll-back' : actOf(plan, step)))
    .filter(act => writing.has(act))

const nothing: Continuation = {do: 'close', words: 'Nothing had been changed yet. There is nothing to do but to note it.'}

const byToken = (began: readonly (Act['do'] | null)[], {token}: PlanCondition, plan: Plan): Continuation => {
  if (token === 'broken')
    return {
      do: 'roll-back',
      words: `${plan.gateway.tokenFile} cannot be parsed any more: the whole file of before goes back, from ${configBackup(plan.backups)}.`,
    }
  if (token === 'unreadable')
    return {do: 'look', words: `${plan.gateway.tokenFile} cannot be read now: make it readable, then ask again.`}
  if (token === 'other')
    return {
      do: 'close',
      words: 'The config holds a token that is neither the old nor the new one: somebody has set it since, and it is left alone.',
    }
  // There was none before, and none is there again.
  const isWithout = token === 'before' && isFirstToken(plan)
  if (began.includes('roll-back') && !isWithout)
    return {do: 'roll-back', words: 'It was putting the old token back: finish that, and prove it.'}
  if (token === 'before') return {do: 'close', words: 'The config still holds the old token: the new one was never written.'}
  return {
    do: 'finish',
    words:
      'The new token is in the config: wait until the gateway accepts it, and prove it; put the old one back if it does not.',
  }
}

const byFix = (began: readonly (Act['do'] | null)[], plan: Plan): Continuation => {
  if (began.includes('save-login') || began.includes('lend-terminal'))
    return {
      do: 'close',
      words: 'OpenClaw had been asked to save the login, and does so whole or not at all: `gatecrab profiles` tells which.',
    }
  if (began.includes('change-device'))
    return {
      do: 'close',
      words: 'OpenClaw had been asked to change the device, and does so whole or not at all: `gatecrab devices` tells which.',
    }
  if (began.includes('restart'))
    return {do: 'close', words: 'The restart had been asked for: `gatecrab verify` tells whether the gateway is back.'}
  return {do: 'again', words: `Some of it was written, each file whole: \`gatecrab ${plan.fix}\` does the rest.`}
}

const howToEnd = (entries: readonly Entry[]): string => {
  const pid = lastChild(entries)?.pid
  return pid === undefined ? '' : `, or end it with \`kill -- -${pid}\``
}

/** Null where the plan came to its end. */
export const continuation = (entries: readonly Entry[], condition: PlanCondition): Continuation | null => {
  if (endEntry(entries) !== null) return null
  if (condition.runner === 'alive') return {do: 'wait', words: 'It is running.'}
  if (condition.child === 'alive')
    return {
      do: 'wait',
      words: `It was cut off, but a command that it had started is still running: wait for that to end${howToEnd(entries)}.`,
    }
  const plan = plannedEntry(entries)?.plan
  if (!plan) return nothing
  const began = startedActs(entries, plan)
  if (began.length === 0) return nothing
  return began.some(act => act === 'write-token' || act === 'roll-back' || act === 'restore')
    ? byToken(began, condition, plan)
    : byFix(began, plan)
}

/** The last command that the runner started, if no end of it is recorded. */
export const lastChild = (entries: readonly Entry[]): ProcessIdentity | null =>
  entriesOf(entries, 'step-said').findLast(({child}) => child !== null)?.child ?? null

const wroteIn = (entries: readonly Entry[], act: Act['do']): readonly Written[] => {
  const plan = plannedEntry(entries)?.plan
  return entriesOf(entries, 'step-ended').flatMap(({step, ok, wrote}) =>
    plan && ok && wrote && actOf(plan, step) === act ? [wrote] : [],
  )
}

/** The token before and after, as the plan noted them. */
export const tokenDigests = (
  entries: readonly Entry[],
): {before: Written | null; after: {mark: string; fingerprint: string | null} | null} => {
  const before = wroteIn(entries, 'back-up')[0] ?? wroteIn(entries, 'take-up')[0] ?? null
  const written = wroteIn(entries, 'write-token').at(-1)
  const message = entriesOf(entries, 'step-said').findLast(({mark: digest}) => digest !== null)
  const digest = written?.mark ?? message?.mark ?? null
  return {
    before,
    after: digest === null ? null : {mark: digest, fingerprint: written?.to ?? message?.text.split(' ').at(-1) ?? null},
  }
}

/** The machines that the plan gave the token to. */
export const remotesWritten = (entries: readonly Entry[]): readonly string[] =>
  plannedEntry(entries)?.plan.steps.flatMap(({id, act}) =>
    act.do === 'write-remote' && entriesOf(entries, 'step-ended').some(({step, ok}) => step === id && ok) ? [act.host] : [],
  ) ?? []

/** What a plan wrote into one file, the copy of before, and what the file was sealed as afterwards. */
export type WrittenFile = {file: string; backup: string; seal: string; what: string; from: string | null; to: string | null}

/**
 * The files that the plan wrote. One that holds several copies was written once for each: from the first backup to the last seal it is
 * one change, unless somebody else wrote between, which only the backup of the next write shows.
 */
export const filesWritten = (entries: readonly Entry[]): readonly WrittenFile[] => {
  const plan = plannedEntry(entries)?.plan
  const sealBefore = new Map<string, string>()
  const written: WrittenFile[] = []
  for (const {step: id, ok, wrote} of entriesOf(entries, 'step-ended')) {
    const step = plan?.steps.find(one => one.id === id)
    if (!ok || !step?.file || !wrote?.seal) continue
    const {seal, from, to} = wrote
    const {act, file} = step
    if (act.do === 'back-up') sealBefore.set(act.as, seal)
    if (act.do !== 'write-copy') continue
    const {backup, copy} = act
    const earlier = written.findIndex(one => one.file === file && one.seal === sealBefore.get(backup))
    const previous = written[earlier]
    if (previous)
      written[earlier] = {
        ...previous,
        seal,
        what: `${previous.what}, ${copy.key}`,
        from: from === previous.from ? from : null,
        to,
      }
    else written.push({file, backup, seal, what: copy.key, from, to})
  }
  return written
}
