import {isRenewalKind, parseLifetime, renewalKinds} from '../../domain/logins/renewal.ts'
import {isRefusal} from '../../domain/plans/make-plan.ts'
import type {Plan} from '../../domain/plans/plan.ts'
import {makeRenewal} from '../../runtime/plans/make-renewal.ts'
import {type Command, type ExitCode, exit, type Locate} from '../command.ts'
import {type Args, type Flags, planningFlags} from '../options.ts'
import {planFlags, printRefusal} from '../plans/command.ts'
import {runShown} from '../plans/run.ts'
import {printFailure, printUsage} from '../print/failure-output.ts'

const flags = {
  agent: {value: 'ID', about: 'whose login, where several agents keep one of that name'},
  by: {value: 'WAY', about: `instead of what is right for its state: ${renewalKinds.join(', ')}`},
  'expires-in': {value: 'TIME', about: 'how long a new token is good for, such as 365d or 12h (default 365d)'},
  'device-code': {about: 'with a sign-in: a code to type in a browser anywhere, where the provider has that'},
  risk: {about: 'with --yes: go on although another login may be lost on the way; the plan says which'},
  'dry-run': planFlags['dry-run'],
  yes: planFlags.yes,
  json: planFlags.json,
} satisfies Flags

const risky = (plan: Plan, args: Args): boolean =>
  args.flag('yes') && !args.flag('dry-run') && !args.flag('risk') && (plan.asks?.atRisk.length ?? 0) > 0

const run = async (args: Args, locate: Locate): Promise<ExitCode> => {
  const [, profileId] = args.positionals
  const by = args.value('by')
  const validFor = args.value('expires-in')
  if (profileId === undefined) return printUsage('Unknown profile: none was named', '`gatecrab profiles` lists them')
  if (by !== null && !isRenewalKind(by)) return printUsage(`Unknown --by ${by}`, renewalKinds.join(', '))
  if (validFor !== null && parseLifetime(validFor) === null)
    return printUsage(`Unknown --expires-in ${validFor}`, '30m, 12h, 1.5h or 365d; OpenClaw saves nothing for anything else')
  const made = await makeRenewal(
    {profileId, agent: args.value('agent')?.toLowerCase() ?? null, kind: by, validFor, deviceCode: args.flag('device-code')},
    await locate(),
  )
  if (isRefusal(made)) {
    const code = printRefusal(made, args)
    return made.refused.from === 'you' ? exit.usage : code
  }
  if (risky(made, args)) {
    printFailure({
      title: 'Nothing was run: it may cost another login',
      because: made.interrupts.join('; '),
      tryThis: 'with --risk it goes on all the same; a login that was renewed before is out of danger',
      from: 'you',
    })
    return exit.usage
  }
  return runShown(made, args)
}

/** Gives one login at a model provider a new life, by OpenClaw's own command. */
export const renew: Command = {
  words: 'renew PROFILE',
  about: 'renew a login at a model provider; a new secret is typed unseen or read from standard input',
  flags,
  common: planningFlags,
  run,
}
