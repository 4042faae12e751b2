import type {Reason} from './row.ts'

type Family = Pick<Reason, 'layer' | 'means' | 'tryThis'> & {authFailure?: true; codes?: readonly number[]}

const credential: Family = {
  layer: 'gateway',
  authFailure: true,
  means:
    'A worker (a helper process that runs agents for this gateway) showed a credential that is no longer good. The gateway gives it one for each placement, and it is not the gateway token.',
  tryThis:
    'Nothing, if the gateway starts another worker. If it repeats, compare the clocks of both hosts and start the worker again.',
}

const replaced: Family = {
  layer: 'lifecycle',
  means:
    'A newer worker has taken the place of this one, so the gateway sent the old one away. This is how it hands work over, and no refusal of a token.',
  tryThis: 'Nothing, unless two hosts run a worker for the same environment: then stop one of them.',
}

const elsewhere: Family = {
  layer: 'gateway',
  means:
    'A worker came for an environment, a session or a placement that the gateway does not expect it for. It was most likely stopped or moved meanwhile.',
  tryThis:
    'Nothing, if it happens once. If it repeats, look for that environment in the lines around it and start the worker again.',
}

const otherRelease: Family = {
  layer: 'gateway',
  means: 'The worker is of another release of OpenClaw than the gateway, or of another build. The gateway takes only its own.',
  tryThis: 'Bring the worker to the release of the gateway, or restart the gateway if it was updated while it ran.',
}

const misspoken: Family = {
  layer: 'client',
  codes: [1008, 1009],
  means:
    'A worker sent what the protocol between gateway and worker does not allow, and was cut off. The gateway token is not the trouble.',
  tryThis:
    'Bring the worker to the release of the gateway. If both are the same, report it to OpenClaw with the lines around it.',
}

const row = (cause: string, {codes = [1008], ...family}: Family) =>
  ({
    ...family,
    about: 'worker',
    cause,
    codes,
    since: '2026.8.1',
    sure: 'likely',
    fixes: [],
    example: `code=${codes[0]} reason=${cause} cause=${cause} handshake=failed`,
  }) satisfies Reason

/** Why a worker's socket was refused. A worker that is locked out, or speaks another protocol, has the row of any client. */
export const workerReasons = {
  'invalid-credential': row('invalid-credential', credential),
  'credential-expired': row('credential-expired', credential),
  'credential-replaced': row('credential-replaced', replaced),
  'owner-epoch-mismatch': row('owner-epoch-mismatch', replaced),
  'environment-unavailable': row('environment-unavailable', elsewhere),
  'environment-mismatch': row('environment-mismatch', elsewhere),
  'session-mismatch': row('session-mismatch', elsewhere),
  'placement-mismatch': row('placement-mismatch', elsewhere),
  'bundle-mismatch': row('bundle-mismatch', otherRelease),
  'version-mismatch': row('version-mismatch', otherRelease),
  'rpc-set-mismatch': row('rpc-set-mismatch', otherRelease),
  'protocol-features-mismatch': row('protocol-features-mismatch', otherRelease),
  'invalid-frame': row('invalid-frame', misspoken),
  'invalid-heartbeat': row('invalid-heartbeat', misspoken),
  'method-not-allowed': row('method-not-allowed', misspoken),
  'gateway-unavailable': row('gateway-unavailable', {
    layer: 'lifecycle',
    codes: [1013, 1011],
    means: 'The gateway was starting, stopping or restarting and took no worker. Workers try again by themselves.',
    tryThis: 'Wait a minute. If it goes on, look in the log for what the gateway waits for.',
  }),
  'public-ingress-context-missing': row('public-ingress-context-missing', {
    layer: 'gateway',
    means:
      'A worker came to a port of the gateway that is not the one for workers. The gateway refuses it, as it cannot tell where it comes from.',
    tryThis: "Let the worker connect to the gateway's worker port; see its address in the lines of this attempt.",
  }),
} as const satisfies Record<string, Reason>
