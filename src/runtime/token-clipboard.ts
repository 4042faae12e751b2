import type {Store} from '../app/store.ts'
import {unexpectedFailure} from '../domain/failure.ts'
import {keyOf} from '../domain/token/copy.ts'
import {winner} from '../domain/token/winner.ts'
import {type CopyLocations, readCopies} from '../sources/token/places.ts'

const handOver = async (locations: CopyLocations, store: Store, copy: (text: string) => void): Promise<void> => {
  const tell = (text: string): void => store.dispatch({type: 'told', text})
  const {copies, secrets, setup} = await readCopies(locations)
  const {copy: current} = winner(copies, locations.release, setup.authMode)
  const secret = current && secrets.get(keyOf(current))
  if (!current || !secret) return tell('There is no token to copy: none of the places that are read holds the one in force')
  const {enforced} = store.state().copies ?? {}
  if (enforced?.by === 'oracle' && enforced.digest !== current.digest)
    return tell('Not copied: the gateway takes another token than its config holds; panel 5 says what is wrong')
  copy(secret.reveal().trim())
  tell(`${current.fingerprint} is on the clipboard of your terminal, if it allows that: copy something else when you are done`)
}

/** Hands the token in force to the terminal of the person who asked for it. It comes on no screen and into no file. */
export const handOverToken = (locations: CopyLocations, store: Store, copy: (text: string) => void): void => {
  handOver(locations, store, copy).catch(error => {
    store.dispatch({type: 'failed', problem: unexpectedFailure('The token cannot be read', error)})
  })
}
