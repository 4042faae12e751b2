import type {GatewayNow} from '../live/gateway-now.ts'
import type {Problem} from './problem.ts'

/** They say that the gateway is reachable, or that somebody is in. */
const ofLiving: ReadonlySet<string> = new Set(['scope-missing', 'only-from-elsewhere', 'two-identities'])

/** A log whose last word is an orderly stop tells as much as a port where nobody listens. */
const isGone = ({is}: Pick<GatewayNow, 'is'>): boolean => is === 'killed' || is === 'stopped' || is === 'foreign'

/** A gateway that is gone is reached by nobody and refuses nobody: what was so before it ended is worth knowing, and not broken now. */
export const whenGone = (found: readonly Problem[], gateway: Pick<GatewayNow, 'is'>): Problem[] => {
  const gone = isGone(gateway)
  return found
    .filter(({id}) => !gone || !ofLiving.has(id))
    .map(({titleWhenGone, ...one}) => (gone && titleWhenGone !== undefined ? {...one, harm: 'note', title: titleWhenGone} : one))
}
