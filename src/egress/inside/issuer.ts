/**
 * True for an issuer that doesn't sign certificates for Azure (facts-2, B.3): a proxy may inspect the
 * traffic, even if the runner trusts the certificate. Reported as a note, not as a fault.
 */
export function isForeignIssuer(issuer: string | undefined): boolean {
  return issuer !== undefined && !/^(?:Microsoft|DigiCert)\b/i.test(issuer)
}
