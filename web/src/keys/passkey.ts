/** Passkeys (WebAuthn): what the browser is asked, in its own JSON form. Nothing of the firm's keys is in it. */

/** The person closed the browser's question, or no authenticator of hers answered it. */
export class NoPasskey extends Error {}

/** Not at a bare address: browsers keep passkeys for a name. */
export const passkeysWork = (): boolean =>
  'PublicKeyCredential' in window &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential &&
  !/^[\d.]+$|:/.test(location.hostname)

async function answered(asked: Promise<Credential | null>): Promise<unknown> {
  let credential: Credential | null
  try {
    credential = await asked
  } catch (error) {
    throw error instanceof DOMException ? new NoPasskey(error.name) : error
  }
  if (!(credential instanceof PublicKeyCredential)) throw new NoPasskey('none')
  return credential.toJSON()
}

export const makePasskey = (options: unknown): Promise<unknown> =>
  answered(
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON),
    }),
  )

export const usePasskey = (options: unknown): Promise<unknown> =>
  answered(
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON),
    }),
  )
