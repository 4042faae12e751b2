import type {Facts, PreviousFile, PreviousPlan} from './facts.ts'
import {configBackup, type Plan, type Step, step} from './plan.ts'
import {feedsContainer} from './propagate.ts'
import {recordProcessStep, recreateSteps} from './restart-steps.ts'
import {changedKey, interruptedClients, linkNotes, tokenPlan} from './rotate.ts'
import {
  backUpStep,
  commandStep,
  cutOffNow,
  healthStep,
  proveStep,
  takeOverSteps,
  tellStep,
  tryStep,
  writeStep,
} from './token-steps.ts'

const differs = {
  before: 'it is as it was before the plan',
  after: 'it is what the plan wrote',
  other: 'somebody has changed it since',
  unreadable: 'it cannot be read',
  broken: 'it cannot be parsed',
} as const

const putBack = (copy: PreviousFile, number: number): Step =>
  step(
    `put-back-${number}`,
    'write',
    `Put ${copy.file} back as it was`,
    {
      do: 'put-back',
      file: copy.file,
      from: copy.backup,
      seal: copy.seal,
    },
    {
      file: copy.file,
      change: {what: copy.what, from: copy.to ?? 'as the plan wrote it', to: copy.from ?? 'as it was before'},
      otherwise: 'go-on',
    },
  )

const tokenSteps = (facts: Facts, previous: PreviousPlan): Step[] => {
  const {token} = previous
  if (token === null || token.now !== 'after') return []
  const words = `the token of before, ${token.before ?? 'set'}`
  return [
    step(
      'written',
      'check',
      'Check that the token there is still the one that the plan wrote',
      {do: 'look-written', mark: token.mark},
      {
        file: facts.target.tokenFile,
      },
    ),
    ...commandStep(facts.cli, facts.target.configFile),
    backUpStep(facts),
    ...tryStep(facts, words),
    writeStep({
      facts,
      token: words,
      from: configBackup(previous.backups),
      change: {what: changedKey(facts), from: token.after, to: token.before ?? 'the token of before'},
    }),
    ...takeOverSteps(facts),
    proveStep(facts, {right: 'the token of before', wrong: 'the one it replaces'}),
  ]
}

/** What is not put back, since it is no longer what the plan wrote. */
export const leftAlone = ({token, files, remotes}: PreviousPlan): string[] => [
  ...remotes.map(host => `${host} keeps the token it was given: what it had before was not read.`),
  ...(token !== null && token.now !== 'after' ? [`gateway.auth.token is left alone: ${differs[token.now]}.`] : []),
  ...files
    .filter(({now}) => now !== 'after')
    .map(({file, backup, now}) => `${file} is left alone: ${differs[now]}. The copy of before lies at ${backup}.`),
]

export const canBePutBack = ({token, files}: PreviousPlan): boolean =>
  token?.now === 'after' || files.some(({now}) => now === 'after')

/** Where the gateway's own token stays what it is, only files of clients go back. */
const ofFilesAlone: Partial<Plan> = {
  risk: 'changes files of clients, not who may sign in',
  cannotUndo: ['A client whose copy is put back may be refused: the gateway keeps the token that it takes now.'],
}

export const undoPlan = (facts: Facts, previous: PreviousPlan): Plan => {
  const hasToken = previous.token?.now === 'after'
  const files = previous.files.filter(({now}) => now === 'after')
  const feeds = facts.copies.filter(feedsContainer).map(({path}) => path)
  const isRecreated = facts.recreate != null && files.some(({file}) => feeds.includes(file))
  const manualSteps = hasToken
    ? ['Clients that had taken up the newer token have to have the older one again: `gatecrab propagate`.']
    : []
  return tokenPlan(facts, {
    fix: 'undo',
    title: `Undo ${previous.fix} ${previous.id}`,
    because: 'What it wrote is replaced by what was there before.',
    confirm: 'undo',
    ...(hasToken || isRecreated ? {} : ofFilesAlone),
    interrupts: [
      ...(hasToken ? interruptedClients(facts) : []),
      ...(isRecreated ? ['every client is cut off while the container is recreated', ...cutOffNow(facts.clients)] : []),
    ],
    notes: [...(hasToken ? linkNotes(facts) : []), ...leftAlone(previous)],
    cards: manualSteps,
    steps: [
      ...tokenSteps(facts, previous),
      ...files.map((copy, i) => putBack(copy, i + 1)),
      ...(isRecreated ? [recordProcessStep(), ...recreateSteps(facts)] : []),
      // The command inside a container sends what that was made with, so it comes last.
      ...(previous.token?.now === 'after' ? healthStep(facts) : []),
      ...tellStep(manualSteps),
    ],
    undoes: previous.id,
  })
}
