/** Azure's own DNS server, the same in every virtual network; private zones answer through it. */
export const azureDns = '168.63.129.16'
