import {describe, expect, it} from 'vitest'
import type {Facts, PreviousPlan} from '../../src/domain/plans/facts.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import type {GatewayFix, Plan} from '../../src/domain/plans/plan.ts'
import {manualStepFor} from '../../src/domain/token/places.ts'
import {findRevertCauses} from '../../src/domain/token/reverted.ts'
import {cliSends} from '../../src/domain/token/winner.ts'
import {copy, factsFor} from '../fixtures/stubs/facts.ts'

const planFor = (fix: GatewayFix, facts: Facts): Plan => {
  const made = planOf(fix, facts)
  if (isRefusal(made)) throw new Error(made.refused.title)
  return made
}

const ids = ({steps}: Plan): string[] => steps.map(({id}) => id)
const key = 'OPENCLAW_GATEWAY_TOKEN'
const up = ['docker', 'compose', '-p', 'gw', '--project-directory', '/srv/gw', 'up', '-d', '--no-deps', '-t', '30', 'gateway']
const own = copy()
const env = copy({place: 'compose', path: '/srv/gw/.env', key, wins: false})
const follows = [
  copy({place: 'process-env', path: 'pid 42', key, wins: false, writable: false}),
  copy({place: 'container-env', path: '/srv/gw', key: `gw.${key}`, wins: false, writable: false}),
  copy({
    place: 'compose-file',
    path: '/srv/gw/compose.yaml',
    key: `gateway.${key}`,
    kind: 'reference',
    wins: false,
    writable: false,
  }),
]
const copies = (verdict: 'agrees' | 'differs') => [own, ...[env, ...follows].map(one => ({...one, verdict}))]
const inContainer = (more: Partial<Facts>): Facts =>
  factsFor('2026.9.6', {
    recreate: {argv: up, folder: '/srv/gw', name: 'gw'},
    restart: {by: 'engine', argv: ['docker', 'restart', '-t', '30', 'gw'], bootstrap: null, bootstrapAfterMs: 0, byHand: ''},
    clients: ['bridge v1 (pid 7)'],
    ...more,
  })

describe('a gateway in a container that compose made', () => {
  it('is given the token by its .env and recreated, and who is cut off is said', () => {
    const plan = planFor('propagate', inContainer({copies: copies('differs')}))
    const made = ['life', 'recreate', 'recreated', 'container-env']
    expect(ids(plan)).toEqual(['command', 'accepted', 'back-up-1', 'copy-1', ...made, 'health', 'tell'])
    expect(plan.steps.find(({id}) => id === 'recreate')?.argv).toEqual(up)
    expect(plan.interrupts).toEqual([
      'every client is cut off while the container is recreated',
      'bridge v1 (pid 7) is connected',
    ])
    expect(plan.risk).toContain('recreates the container')
    expect(plan.cards.join('\n')).not.toMatch(/docker compose up|pid 42|container \/srv|compose file/)
  })

  it('is left running where nothing of what it is given changes', () => {
    const plan = planFor('propagate', inContainer({copies: copies('agrees')}))
    expect([ids(plan).includes('recreate'), plan.interrupts]).toEqual([false, []])
  })

  it('has what compose is told as a manual step where its command is not here', () => {
    const plan = planFor('propagate', inContainer({copies: copies('differs'), recreate: null}))
    expect(ids(plan)).not.toContain('recreate')
    expect(plan.cards[0]).toBe('Run `docker compose up -d` in /srv/gw; a plain restart keeps the old environment.')
  })

  it('takes the new token into its .env after a rotation is proved, and no failure there takes it back', () => {
    const plan = planFor('rotate', inContainer({copies: copies('agrees')}))
    const later = ids(plan).slice(ids(plan).indexOf('prove') + 1)
    const made = ['life', 'recreate', 'recreated', 'container-env', 'still-accepted']
    expect(later).toEqual(['back-up-1', 'copy-1', ...made, 'health', 'devices', 'tell'])
    const after = plan.steps.filter(({id}) => made.includes(id) || id === 'copy-1')
    expect(after.filter(({otherwise}) => otherwise === 'roll-back' || otherwise === 'stop').map(({id}) => id)).toEqual(['life'])
    expect(plan.interrupts.join('\n')).toContain('once more while the container is recreated')
    expect(plan.cards.join('\n')).not.toContain('These hold the old token')
  })

  it('is recreated by an undo that puts its .env back', () => {
    const file = {what: key, file: env.path, backup: '/b/copy-1', seal: 's', now: 'after'} as const
    const previous: PreviousPlan = {id: 'then', fix: 'propagate', backups: '/b', token: null, files: [file], remotes: []}
    const plan = planFor('undo', inContainer({copies: copies('agrees'), previous: previous}))
    expect(ids(plan)).toEqual(['put-back-1', 'life', 'recreate', 'recreated', 'container-env'])
    expect(plan.interrupts[0]).toBe('every client is cut off while the container is recreated')
    const other = {...previous, files: [{...file, file: '/home/ops/.openclaw/.env'}]}
    expect(ids(planFor('undo', inContainer({copies: copies('agrees'), previous: other})))).toEqual(['put-back-1'])
  })

  it('signs in with its own command only when an undo has put back what that sends', () => {
    const token = {before: '1111…1111', after: '2222…2222', mark: 'm', now: 'after'} as const
    const file = {what: key, file: env.path, backup: '/b/copy-1', seal: 's', now: 'after'} as const
    const previous: PreviousPlan = {id: 'then', fix: 'rotate', backups: '/b', token, files: [file], remotes: []}
    const made = ids(planFor('undo', inContainer({copies: copies('agrees'), previous: previous})))
    expect(made.slice(-7)).toEqual(['put-back-1', 'life', 'recreate', 'recreated', 'container-env', 'health', 'tell'])
  })

  it('is restarted by its engine, also where it has stopped and no command runs in it', () => {
    const plan = planFor('restart', inContainer({cli: null}))
    expect(ids(plan)).toEqual(['life', 'restart', 'restarted', 'still-accepted'])
    expect(plan.steps[1]).toMatchObject({
      argv: ['docker', 'restart', '-t', '30', 'gw'],
      words: expect.stringContaining('container'),
    })
  })
})

describe('the command line in a container', () => {
  const stale = follows.map(one => ({...one, verdict: 'differs' as const, digest: 'two'}))
  const enforced = {
    fingerprint: null,
    digest: 'one',
    by: 'oracle',
    provenAt: null,
    acceptsAnything: false,
    because: null,
  } as const

  it('sends what the container was made with before the config in old releases, whatever this shell has', () => {
    const all = [own, ...stale, copy({place: 'shell-env', path: 'environment', key, digest: 'three'})]
    expect(cliSends(all, '2026.6.11', {[key]: 'x'}).copy?.place).toBe('container-env')
    expect(cliSends(all, '2026.9.6', {[key]: 'x'}).copy?.place).toBe('config')
  })

  it('is why a rotation seems to revert there, and there alone', () => {
    const because = (release: string) => findRevertCauses({copies: [own, ...stale], enforced, release, shellEnv: {}, signs: []})
    expect(because('2026.6.11')).toMatchObject([{cause: 'command-line-env', cure: expect.stringContaining('gatecrab propagate')}])
    expect(because('2026.9.6')).toEqual([])
  })
})

describe('the card of a container', () => {
  it('names the folder that compose is run in, and no such folder where there is none', () => {
    const [, inFolder] = follows
    if (!inFolder) throw new Error('no copy')
    expect(manualStepFor(inFolder)).toBe('Run `docker compose up -d` in /srv/gw; a plain restart keeps the old environment.')
    expect(manualStepFor({...inFolder, path: 'gw'})).toMatch(/^Recreate the container gw/)
  })
})
