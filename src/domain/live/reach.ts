/** What the gateway's port answered when it was asked. `silent`: it takes the connection and says nothing; `foreign`: another program has its port. */
export type Reach = {
  state: 'up' | 'foreign' | 'not-yet' | 'down' | 'silent' | 'unknown'
  because: string | null
  tookMs: number | null
}
