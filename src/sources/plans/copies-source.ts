import type {Secret} from '../../domain/secret.ts'
import {keyOf} from '../../domain/token/copy.ts'
import {type CopiesRead, readCopies} from '../token/places.ts'
import {tokenNow} from './secret-place.ts'
import type {StepContext} from './step-context.ts'

export const readPlanCopies = ({plan: {gateway}, hostEnv}: StepContext): Promise<CopiesRead> =>
  readCopies({
    overrides: {stateDir: gateway.stateDir, configFile: gateway.configFile, profile: gateway.profile},
    hostEnv,
    release: gateway.release,
    host: gateway.host,
    port: gateway.port,
    compose: gateway.compose,
  })

/** The token in force, read from the copy that the plan names. */
export const sourceToken = async (context: StepContext): Promise<Secret | null> => {
  const {source, form = null} = context.plan.gateway
  if (form !== null || source.place === 'config' || source.place === 'include') {
    const token = tokenNow(context.plan.gateway)
    if (token !== null) return token
  }
  return (await readPlanCopies(context)).secrets.get(keyOf(source)) ?? null
}
