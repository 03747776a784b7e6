/** Who may do what with which object. An object that is not named here, or has other rights, fails rights_test.ts. */

/** Privileges by API role, in alphabetical order; PUBLIC's count for each of them. */
export interface Rights {
  anon: string;
  authenticated: string;
  service_role: string;
}

const nobody: Rights = { anon: "", authenticated: "", service_role: "" };
const readers: Rights = { anon: "", authenticated: "select", service_role: "select" };

/** Tables, views and sequences. Row level security then says which rows `authenticated` sees. */
export const expectedRelations: Record<string, Rights> = {
  "private.aggregates": nobody,
  "private.announced": nobody,
  "private.audit": nobody,
  "private.batches": nobody,
  "private.batches_id_seq": nobody,
  "private.blocked_aggregates": nobody,
  "private.doorbell": nobody,
  "private.event_totals": nobody,
  "private.failed_deliveries": nobody,
  "private.feed_horizons": nobody,
  "private.findings": nobody,
  "private.findings_finding_number_seq": nobody,
  "private.generations": nobody,
  "private.hourly_totals": nobody,
  "private.partitions": nobody,
  "private.pauses": nobody,
  "private.rebuild_differences": nobody,
  "private.rebuilds": nobody,
  "private.state_tables": nobody,
  "private.subscriptions": nobody,
  "private.unprocessed_events": nobody,
  "public.agent_decisions": readers,
  "public.customers": readers,
  "public.dealer_prices": readers,
  "public.dealers": readers,
  "public.event_stream": readers,
  "public.event_types": readers,
  "public.events": readers,
  "public.events_event_number_seq": nobody,
  "public.order_items": readers,
  "public.orders": readers,
  "public.payments": readers,
  "public.product_costs": readers,
  "public.products": readers,
  "public.state_changes": readers,
  "public.state_changes_change_number_seq": nobody,
  "public.user_roles": readers,
};

const service: Rights = { ...nobody, service_role: "execute" };
const signedIn: Rights = { anon: "", authenticated: "execute", service_role: "execute" };

/** Functions by name. One of the private schema that is not named here may be called by no API role. */
export const expectedFunctions: Record<string, Rights> = {
  "private.is_staff": signedIn,
  "private.unprocessed_event_numbers": signedIn,
  "public.ack_subscription": service,
  "public.am_i_staff": { ...nobody, authenticated: "execute" },
  "public.cancel_rebuild": service,
  "public.catch_up_rebuild": service,
  "public.commit_deliveries": service,
  "public.commit_events": service,
  "public.confirm_rebuild": service,
  "public.create_subscription": service,
  "public.database_manager_status": service,
  "public.delete_subscription": service,
  "public.event_statistics": service,
  "public.get_aggregate_events": signedIn,
  "public.get_aggregates_page": service,
  "public.get_rebuild": service,
  "public.get_subscription": service,
  "public.get_unprocessed_events": signedIn,
  "public.is_staff": service,
  "public.leave_rebuild": service,
  "public.list_subscriptions": service,
  "public.note_call": service,
  "public.open_doorbell": service,
  "public.park_event": service,
  "public.pause_processing": service,
  "public.platform_health": service,
  "public.post_each": service,
  "public.priced_categories": service,
  "public.pricing_inputs": service,
  "public.try_events": service,
  "public.post_event": service,
  "public.post_events": service,
  "public.read_feed": service,
  "public.register_event_type": service,
  "public.release_leases": service,
  "public.replay_subscription": service,
  "public.request_processing": service,
  "public.resume_processing": service,
  "public.retry_event": service,
  "public.retry_failed_events": service,
  "public.roll_back_rebuild": service,
  "public.row_blame": signedIn,
  "public.scan_rebuild": service,
  "public.set_event_processing": service,
  "public.skip_event": service,
  "public.start_rebuild": service,
  "public.switch_rebuild": service,
  "public.take_deliveries": service,
  "public.take_events": service,
  "public.take_rebuild": service,
  "public.trace_event": signedIn,
};
