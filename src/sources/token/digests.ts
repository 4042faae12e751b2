import {createHmac, randomBytes} from 'node:crypto'
import type {Secret} from '../../domain/secret.ts'

/** Made again with every run and never written down, so that no mark can be tried against a list of guesses. */
const key = randomBytes(32)

const hashed = (data: string | Buffer): string => createHmac('sha256', key).update(data).digest('hex')

/** The same for copies that hold the same token. White space around it does not count: the gateway trims. */
export const tokenDigest = (secret: Secret): string => hashed(`token ${secret.reveal().trim()}`)

/** Tells whether a file is still what it was. */
export const fileDigest = (bytes: Buffer): string => hashed(bytes)
