import path from 'node:path'
import {isLoopback} from '../../domain/address.ts'
import type {Surroundings} from '../../gateway/paths.ts'
import {listenerOf} from '../live/gateway-proof.ts'
import {printedBy} from './token-program.ts'

type Gate = {host: string; port: number}

const label = 'com.docker.compose.project.working_dir'

/** What has a container's port on the host, where a process of the host has it at all. */
const isContainers = (command: string): boolean => /docker|rootless|slirp|pasta|gvproxy|vpnkit|podman|conmon/i.test(command)

const labelled = async (port: number, around: Surroundings): Promise<string[]> => {
  const told = await printedBy('docker', ['ps', '--filter', `publish=${port}`, '--format', `{{.Label "${label}"}}`], around)
  return (told ?? '').split('\n').filter(folder => path.isAbsolute(folder))
}

/**
 * The compose folders that count: the one that the operator names, else that of the container which publishes the gateway's port. The
 * folder we were started in says nothing: it may be anybody's, and a secret would be written into it.
 */
export const composeFolders = async (named: string | null, {host, port}: Gate, around: Surroundings): Promise<string[]> => {
  if (named !== null) return [path.resolve(named)]
  if (!isLoopback(host)) return []
  const listener = await listenerOf({host, port})
  return listener === null || isContainers(listener.program ?? '') ? [...new Set(await labelled(port, around))] : []
}
