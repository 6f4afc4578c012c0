/** Address of Azure DNS, the same in every virtual network; private zones are resolved through it. */
export const azureDns = '168.63.129.16'
