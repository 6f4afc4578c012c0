import { readFileSync } from 'node:fs'
import * as tls from 'node:tls'

/**
 * The certificates that this runner trusts: the system's store, which agents use, and those that
 * Node.js ships or is configured with. An unreadable file counts as empty.
 */
export function trustedCertificates(
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const system = hasStores(tls) ? tls.getCACertificates('system') : firstOf(bundles)
  const named = [env['NODE_EXTRA_CA_CERTS'], env['SSL_CERT_FILE']].flatMap((file) =>
    firstOf([file ?? '']),
  )
  return [...new Set([...tls.rootCertificates, ...named, ...system])]
}

/** Where Linux distributions keep the system's certificates in one file. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

interface Stores {
  getCACertificates(type: 'system'): string[]
}

/** Node.js 22.15 and later can read the system's store. */
function hasStores(module: object): module is Stores {
  return 'getCACertificates' in module
}

/** The certificates of the first file that contains any. */
function firstOf(files: readonly string[]): readonly string[] {
  for (const file of files) {
    const found = certificatesOf(file)
    if (found.length > 0) return found
  }
  return []
}

function certificatesOf(file: string): readonly string[] {
  if (file === '') return []
  try {
    const text = readFileSync(file, 'utf8')
    return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  } catch {
    return []
  }
}
