import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'

/** A certificate for the loopback names, and the file of the authority that signed it. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  /** In PEM, for NODE_EXTRA_CA_CERTS and the like. */
  readonly caFile: string
  /** Removes the file. */
  remove(): Promise<void>
}

/** Creates a temporary certificate authority, and a certificate for localhost, 127.0.0.1 and ::1. */
export async function createCertificate(): Promise<Certificate> {
  const base = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const
  const ca = await generate([{ name: 'commonName', value: 'Simulator CA' }], {
    ...base,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const leaf = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...base,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  const folder = await mkdtemp(join(tmpdir(), 'azure-simulator-'))
  const caFile = join(folder, 'ca.pem')
  await writeFile(caFile, ca.cert)
  return {
    key: leaf.private,
    cert: leaf.cert,
    caFile,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
