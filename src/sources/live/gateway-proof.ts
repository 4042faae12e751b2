import fs from 'node:fs'
import {isLoopback} from '../../domain/address.ts'
import {isLoopbackName} from '../../domain/live/gateway-names.ts'
import {
  combineEvidence,
  evaluateProcesses,
  type Listener,
  type ListenerVerdict,
  type ProcessVerdict,
} from '../../domain/live/listener.ts'
import type {Tls} from '../../gateway/tls.ts'
import {ownNames} from '../gateway-names.ts'
import {readCertificate, readForm} from './gateway-form.ts'
import {readListeners} from './listener-read.ts'

/** The address that is to be proven, before anything secret is sent to it. */
export type GatewayAddress = {
  host: string
  port: number
  tls?: Tls | null
  /** How we are called in requests, such as `gatecrab/1.2.3`. */
  agent?: string
  /** The files whose owners run the gateway: its config and its state folder. */
  ownedBy?: readonly string[]
  /** The secret is the one that is kept for this very address, on whatever machine it is: `gateway.remote`, or the variable beside `--url`. */
  isMeant?: boolean
  /** The operator has typed the word for a plan that names the doubt. It never covers a process of another account. */
  isConfirmed?: boolean
}

const seal: unique symbol = Symbol('proven')

/** Whatever sends a secret takes this value, and only the proof makes it. */
export type ProvenGateway = {
  readonly [seal]: true
  readonly address: GatewayAddress
  readonly by: string
}

export type Proof = {proven: ProvenGateway; verdict: ListenerVerdict} | {proven: null; verdict: ListenerVerdict}

const ownerOf = (file: string): number | null => {
  try {
    return fs.statSync(file).uid
  } catch {
    return null
  }
}

/** The account that runs gatecrab can read the same secrets, so its own programs learn nothing new. */
const accountsFor = ({ownedBy = []}: GatewayAddress): ReadonlySet<number> =>
  new Set([0, process.getuid?.() ?? 0, ...ownedBy.flatMap(file => ownerOf(file) ?? [])])

/** Whether the address is of this host, so that the system knows who listens. */
export const isHere = (host: string): boolean => isLoopbackName(host) || ownNames().includes(host)

/** A name, and `0.0.0.0`, may lead to any loopback address. */
const isAddress = (host: string): boolean => host !== '0.0.0.0' && host !== '::' && /^[\d.]+$|:/.test(host)

const answersFor = (host: string, {host: bound}: Listener): boolean =>
  bound === '0.0.0.0' || bound === '::' || bound === host || (!isAddress(host) && isLoopback(bound))

type Seen = {process: ProcessVerdict; id: string}

const distant: ProcessVerdict = {
  is: 'fits',
  because: 'it is the address on another machine that the operator named',
  listener: {pid: null, program: null, uids: [], account: null, since: null, host: '', id: ''},
  isPublisher: true,
}

const distantPlain: ProcessVerdict = {
  is: 'unproven',
  because: 'it is on another machine, and over ws:// nothing shows which one answers',
  listener: null,
}

const look = async (address: GatewayAddress): Promise<Seen> => {
  if (!isHere(address.host)) return {process: address.tls || address.isMeant ? distant : distantPlain, id: ''}
  const seen = await readListeners(address.port)
  if ('because' in seen) return {process: evaluateProcesses(seen, new Set()), id: ''}
  const listeners = seen.listeners.filter(one => answersFor(address.host, one))
  return {
    process: evaluateProcesses({listeners}, accountsFor(address)),
    id: listeners
      .map(({id}) => id)
      .toSorted()
      .join(),
  }
}

/** A tunnel that the config names as the way to the gateway is one, with the token that is kept for it. */
const isTaken = ({isConfirmed = false, isMeant = false}: GatewayAddress, process: ProcessVerdict): boolean =>
  isConfirmed || (isMeant && process.is === 'unproven' && process.isTunnel === true)

type ProvenListener = {id: string; verdict: ListenerVerdict}

/** What was proven, for as long as the same process listens on the same socket. */
const provenListeners = new Map<string, ProvenListener>()

const keyOf = ({host, port, tls, isConfirmed, isMeant}: GatewayAddress): string =>
  JSON.stringify([host, port, tls ?? null, isConfirmed ?? false, isMeant ?? false])

const withoutListener = (verdict: ListenerVerdict): ListenerVerdict =>
  verdict.listener?.id === '' ? {...verdict, listener: null} : verdict

const evaluateListener = async (address: GatewayAddress, sawChallenge: boolean): Promise<ListenerVerdict> => {
  const seen = await look(address)
  const {process, id} = seen
  const key = keyOf(address)
  const before = provenListeners.get(key)
  if (process.is === 'foreign') return combineEvidence(process, {is: 'openclaw', because: ''})
  if (before && id !== '' && before.id === id) return before.verdict
  provenListeners.delete(key)
  const isDirect = process.is !== 'fits' || !process.isPublisher
  const form =
    address.tls && !isHere(address.host)
      ? await readCertificate(address)
      : await readForm(address, !sawChallenge && isDirect && isLoopbackName(address.host))
  const verdict = withoutListener(combineEvidence(process, form, isTaken(address, process)))
  // Whoever listens may have been replaced while it was asked.
  if (verdict.is === 'gateway' && (await look(address)).id !== id)
    return {...verdict, is: 'not-ready', because: 'it was replaced while it was asked'}
  if (verdict.is !== 'gateway') return verdict
  if (id !== '') provenListeners.set(key, {id, verdict})
  return verdict
}

/** Who asks for the same proof at the same time shares it. */
const underWay = new Map<string, Promise<ListenerVerdict>>()

const together = (address: GatewayAddress, sawChallenge: boolean): Promise<ListenerVerdict> => {
  const key = `${keyOf(address)} ${sawChallenge} ${address.ownedBy?.join() ?? ''}`
  const found = underWay.get(key) ?? evaluateListener(address, sawChallenge).finally(() => underWay.delete(key))
  underWay.set(key, found)
  return found
}

/**
 * Shows that the gateway listens, by its process and by what it answers, before a secret is sent. A process that was proven is only
 * looked up again; a new one is asked again. `sawChallenge`: our own socket has had the challenge already.
 */
export const proveGateway = async (address: GatewayAddress, sawChallenge = false): Promise<Proof> => {
  const verdict = await together(address, sawChallenge)
  if (verdict.is !== 'gateway') return {proven: null, verdict}
  return {proven: {[seal]: true, address, by: verdict.because}, verdict}
}

/** The process that listens, where its account may run the gateway; of any other nothing is concluded. */
export const listenerOf = async (address: GatewayAddress): Promise<Listener | null> => {
  const {process} = await look(address)
  return process.is === 'fits' && process !== distant ? process.listener : null
}

/** By its process alone: whether it may be asked at all. Nothing is sent. */
export const mayBeAsked = async (address: GatewayAddress): Promise<ListenerVerdict | null> => {
  const {process} = await look(address)
  if (process.is === 'fits' || (process.is === 'unproven' && (process.listener === null || isTaken(address, process))))
    return null
  return {is: process.is, because: process.because, listener: process.listener}
}
