import type {Client} from '../../domain/attempts/client.ts'
import type {TokenCopy} from '../../domain/token/copy.ts'
import {manualStepFor, outOfReach, placeRow} from '../../domain/token/places.ts'
import {type CopiesReport, holderOfCopy} from '../../runtime/copies-report.ts'
import {clientJson} from './attempt-json.ts'

const copyJson = (copy: TokenCopy): object => ({
  place: copy.place,
  title: placeRow(copy.place).title,
  path: copy.path,
  key: copy.key,
  kind: copy.kind,
  pointsTo: copy.pointsTo,
  fingerprint: copy.fingerprint,
  wins: copy.wins,
  verdict: copy.verdict,
  writable: copy.writable,
  mode: copy.mode,
  problem: copy.problem,
  problems: copy.problems ?? [],
  card: manualStepFor(copy),
  outOfReach: outOfReach.includes(copy.place),
})

const holderJson = (client: Client, now: number): object => {
  const place = holderOfCopy(client)
  return {...clientJson(client, now), holds: place, card: manualStepFor({place, path: '', key: ''})}
}

const cliJson = ({cli, enforced}: CopiesReport): object => ({
  place: cli.copy?.place ?? null,
  path: cli.copy?.path ?? null,
  key: cli.copy?.key ?? null,
  fingerprint: cli.copy?.fingerprint ?? null,
  agrees: cli.copy?.digest == null || enforced.digest === null ? null : cli.copy.digest === enforced.digest,
  because: cli.because,
  sure: cli.sure,
})

/** The printed form of the contract: fields may be added here, never renamed. Marks stay out of it: they are good for one run only. */
export const copiesDocument = (look: CopiesReport): object => {
  const {fingerprint, by, provenAt, acceptsAnything, because} = look.enforced
  return {
    enforced: {fingerprint, by, provenAt, acceptsAnything, because},
    gateway: look.gateway,
    commandLine: cliJson(look),
    problems: look.tokenProblems,
    reverted: look.reverted,
    copies: look.copies.map(copyJson),
    clients: look.clients.map(client => holderJson(client, look.snapshot.now)),
    noLongerKept: look.droppedRecords,
  }
}
