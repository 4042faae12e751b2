import {notItsCertificate} from './gateway-call.ts'

const untrusted = 'its certificate is neither the one in its file nor one that this machine trusts'

const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens on its port',
  ECONNRESET: 'it hung up: it is starting or stopping, or it speaks TLS',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its host cannot be reached',
  ENOTFOUND: 'its host has no such name',
  EAI_AGAIN: 'its host has no such name',
  ETIMEDOUT: 'it did not answer in time',
  EPROTO: 'what answers does not speak TLS, though gateway.tls is on: the gateway has not been restarted since, or it is another',
  [notItsCertificate]:
    'it shows another certificate than its own: it has not taken the new one over, or something else listens there',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name, and its own file cannot be read here to compare',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: see the clock',
}

const unreachable: readonly string[] = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']

/** Nobody is there who could answer, rather than one that does not. */
export const isUnreachable = (code: string): boolean => unreachable.includes(code)

/** Why a call did not come through, in words; null where the code says nothing. */
export const whyFailed = (code: string): string | null =>
  failures[code] ?? (/^HPE_/.test(code) ? 'what answers is not HTTP; it may speak TLS' : null)
