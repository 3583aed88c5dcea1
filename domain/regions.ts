/**
 * The regions of Genesys Cloud, as its public SDK lists them. An organisation lives in one; its hosts are
 * `login.<domain>` and `api.<domain>`. The label is what the product's own region menu calls it.
 */
export const regions = [
  { id: 'us_east_1', label: 'Americas (US East)', domain: 'mypurecloud.com' },
  { id: 'us_east_2', label: 'Americas (US East, FedRAMP)', domain: 'use2.us-gov-pure.cloud' },
  { id: 'us_west_2', label: 'Americas (US West)', domain: 'usw2.pure.cloud' },
  { id: 'ca_central_1', label: 'Americas (Canada)', domain: 'cac1.pure.cloud' },
  { id: 'mx_central_1', label: 'Americas (Mexico)', domain: 'mxc1.pure.cloud' },
  { id: 'sa_east_1', label: 'Americas (São Paulo)', domain: 'sae1.pure.cloud' },
  { id: 'eu_west_1', label: 'EMEA (Ireland)', domain: 'mypurecloud.ie' },
  { id: 'eu_west_2', label: 'EMEA (London)', domain: 'euw2.pure.cloud' },
  { id: 'eu_central_1', label: 'EMEA (Frankfurt)', domain: 'mypurecloud.de' },
  { id: 'eu_central_2', label: 'EMEA (Zurich)', domain: 'euc2.pure.cloud' },
  { id: 'eusc_de_east_1', label: 'EMEA (European Sovereign Cloud)', domain: 'edee1.eusc-pure.cloud' },
  { id: 'me_central_1', label: 'EMEA (UAE)', domain: 'mec1.pure.cloud' },
  { id: 'ap_south_1', label: 'Asia Pacific (Mumbai)', domain: 'aps1.pure.cloud' },
  { id: 'ap_southeast_1', label: 'Asia Pacific (Singapore)', domain: 'apse1.pure.cloud' },
  { id: 'ap_southeast_2', label: 'Asia Pacific (Sydney)', domain: 'mypurecloud.com.au' },
  { id: 'ap_northeast_1', label: 'Asia Pacific (Tokyo)', domain: 'mypurecloud.jp' },
  { id: 'ap_northeast_2', label: 'Asia Pacific (Seoul)', domain: 'apne2.pure.cloud' },
  { id: 'ap_northeast_3', label: 'Asia Pacific (Osaka)', domain: 'apne3.pure.cloud' },
] as const satisfies readonly Region[];

export interface Region {
  readonly id: string;
  readonly label: string;
  readonly domain: string;
}

export type RegionId = (typeof regions)[number]['id'];

/** For schemas: a list that is known not to be empty. */
export const regionIds = regions.map(({ id }) => id) as [RegionId, ...RegionId[]];

/** Base URLs of an organisation: where its people sign in, and where its API is. No path, no final slash. */
export interface ServerAddresses {
  readonly login: string;
  readonly api: string;
}

export function addressesOf(id: RegionId): ServerAddresses {
  const { domain } = regions.find((region) => region.id === id) ?? regions[0];
  return { login: `https://login.${domain}`, api: `https://api.${domain}` };
}
