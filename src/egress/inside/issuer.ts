/**
 * True for an issuer that is none of those that sign for Azure (facts-2, B.3): something on the way
 * may read the traffic, though the runner trusts it. A note, and no fault.
 */
export function isForeignIssuer(issuer: string | undefined): boolean {
  return issuer !== undefined && !/^(?:Microsoft|DigiCert)\b/i.test(issuer)
}
