import type {Secret} from '../../domain/secret.ts'
import {keyOf} from '../../domain/token/token-copy.ts'
import {type CopiesRead, readCopies} from '../token/token-places.ts'
import {tokenNow} from './steps-files.ts'
import type {Hand} from './steps-hand.ts'

export const copiesOf = ({plan: {gateway}, around}: Hand): Promise<CopiesRead> =>
  readCopies({
    wanted: {stateDir: gateway.stateDir, configFile: gateway.configFile, profile: gateway.profile},
    around,
    release: gateway.release,
    host: gateway.host,
    port: gateway.port,
    compose: gateway.compose,
  })

/** The token in force, read from the copy that the plan names. */
export const sourceToken = async (hand: Hand): Promise<Secret | null> => {
  const {source} = hand.plan.gateway
  if (source.place === 'config' || source.place === 'include') {
    const token = tokenNow(hand.plan.gateway)
    if (token !== null) return token
  }
  return (await copiesOf(hand)).secrets.get(keyOf(source)) ?? null
}
