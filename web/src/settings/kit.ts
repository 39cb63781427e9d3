/** Another recovery kit in the place of the firm's: made here, printed here, sent to nobody. */

import { concat, fromBase64, random, toBase64, utf8, uuidToBytes } from '../bytes.ts'
import { sealForKit, showRecoveryKit } from '../keys/enrolment.ts'
import { sign } from '../keys/signing.ts'
import { send } from '../network/requests.ts'
import type { Bundle } from '../keys/bundle.ts'
import { proofOf } from './factor.ts'

const KIT_BYTES = 32

/** The new kit as people keep it. `own`: an administrator's bundle. Throws Refused "credentials". */
export async function renewKit(firm: string, own: Bundle, password: string): Promise<string> {
  const kit = random(KIT_BYTES)
  const root = fromBase64(own.root_seed!)
  const blob = await sealForKit(kit, firm, utf8(JSON.stringify({ role_keys: own.role_keys, root_seed: own.root_seed })))
  const signature = sign(root, 'recovery-kit', concat(uuidToBytes(firm), blob))
  await send('PUT', '/api/firm/recovery-kit', { json: { auth_key: await proofOf(password), recovery_blob: toBase64(blob), signature: toBase64(signature) } })
  return showRecoveryKit(kit)
}
