// Every operation of the product, by slice: the router of the contract, for the server, the typed client and OpenAPI.
import { sessionApi } from '../care/session.api.ts';
import { accountApi } from '../network/account.api.ts';
import { organisationApi, staffApi } from '../network/organisation.api.ts';
import { factApi } from '../person/fact.api.ts';
import { screeningApi } from '../person/screening.api.ts';
import { applicationApi } from '../referral/application.api.ts';

export const contract = {
  fact: factApi,
  screening: screeningApi,
  account: accountApi,
  organisation: organisationApi,
  session: sessionApi,
  staff: staffApi,
  application: applicationApi,
};
export type Contract = typeof contract;
