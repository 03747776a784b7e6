export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  "public": {
    Tables: {
      "agent_decisions": {
        Row: {
          "agent": string;
          "approvals": number;
          "approved_by": (string)[];
          "compensated_by": string | null;
          "compensation": Json | null;
          "compensation_reason": string | null;
          "confidence": number;
          "created_at": string;
          "decided_at": string | null;
          "decided_by": string | null;
          "decision_note": string | null;
          "decision_type": string;
          "edited_by": string | null;
          "evidence": (string)[];
          "expected_effect": Json | null;
          "expires_at": string;
          "held": string | null;
          "id": string;
          "level": number;
          "magnitude": Json | null;
          "measured_value": number | null;
          "outcome": string | null;
          "owner_id": string | null;
          "policy_version": number;
          "proposed_by": string;
          "proposed_events": NonNullable<Json>;
          "rationale": string;
          "reason_code": string | null;
          "review": string | null;
          "status": string;
          "targets": NonNullable<Json>;
          "updated_at": string;
          "version": number;
          "veto_until": string | null;
        };
        ComputedFields: never;
        Insert: {
          "agent": string;
          "approvals": number;
          "approved_by": (string)[];
          "compensated_by"?: string | null;
          "compensation"?: Json | null;
          "compensation_reason"?: string | null;
          "confidence": number;
          "created_at": string;
          "decided_at"?: string | null;
          "decided_by"?: string | null;
          "decision_note"?: string | null;
          "decision_type": string;
          "edited_by"?: string | null;
          "evidence": (string)[];
          "expected_effect"?: Json | null;
          "expires_at": string;
          "held"?: string | null;
          "id": string;
          "level": number;
          "magnitude"?: Json | null;
          "measured_value"?: number | null;
          "outcome"?: string | null;
          "owner_id"?: string | null;
          "policy_version": number;
          "proposed_by": string;
          "proposed_events": NonNullable<Json>;
          "rationale": string;
          "reason_code"?: string | null;
          "review"?: string | null;
          "status": string;
          "targets": NonNullable<Json>;
          "updated_at": string;
          "version": number;
          "veto_until"?: string | null;
        };
        Update: {
          "agent"?: string;
          "approvals"?: number;
          "approved_by"?: (string)[];
          "compensated_by"?: string | null;
          "compensation"?: Json | null;
          "compensation_reason"?: string | null;
          "confidence"?: number;
          "created_at"?: string;
          "decided_at"?: string | null;
          "decided_by"?: string | null;
          "decision_note"?: string | null;
          "decision_type"?: string;
          "edited_by"?: string | null;
          "evidence"?: (string)[];
          "expected_effect"?: Json | null;
          "expires_at"?: string;
          "held"?: string | null;
          "id"?: string;
          "level"?: number;
          "magnitude"?: Json | null;
          "measured_value"?: number | null;
          "outcome"?: string | null;
          "owner_id"?: string | null;
          "policy_version"?: number;
          "proposed_by"?: string;
          "proposed_events"?: NonNullable<Json>;
          "rationale"?: string;
          "reason_code"?: string | null;
          "review"?: string | null;
          "status"?: string;
          "targets"?: NonNullable<Json>;
          "updated_at"?: string;
          "version"?: number;
          "veto_until"?: string | null;
        };
        Relationships: [];
      };
      "customers": {
        Row: {
          "address": Json | null;
          "created_at": string;
          "email": string;
          "id": string;
          "name": string;
          "owner_id": string | null;
          "phone": string | null;
          "status": string;
          "updated_at": string;
          "version": number;
        };
        ComputedFields: never;
        Insert: {
          "address"?: Json | null;
          "created_at": string;
          "email": string;
          "id": string;
          "name": string;
          "owner_id"?: string | null;
          "phone"?: string | null;
          "status": string;
          "updated_at": string;
          "version": number;
        };
        Update: {
          "address"?: Json | null;
          "created_at"?: string;
          "email"?: string;
          "id"?: string;
          "name"?: string;
          "owner_id"?: string | null;
          "phone"?: string | null;
          "status"?: string;
          "updated_at"?: string;
          "version"?: number;
        };
        Relationships: [];
      };
      "dealer_prices": {
        Row: {
          "dealer_id": string;
          "owner_id": string | null;
          "price": number;
          "product_id": string;
          "sku": string;
        };
        ComputedFields: never;
        Insert: {
          "dealer_id": string;
          "owner_id"?: string | null;
          "price": number;
          "product_id": string;
          "sku": string;
        };
        Update: {
          "dealer_id"?: string;
          "owner_id"?: string | null;
          "price"?: number;
          "product_id"?: string;
          "sku"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "dealer_prices_belong_to_a_dealer";
            columns: ["dealer_id"];
            isOneToOne: false;
            referencedRelation: "dealers";
            referencedColumns: ["id"];
          },
        ];
      };
      "dealers": {
        Row: {
          "company_name": string;
          "contact_name": string;
          "created_at": string;
          "credit_limit": number;
          "discount_percent": number;
          "email": string;
          "id": string;
          "owner_id": string | null;
          "phone": string | null;
          "status": string;
          "status_reason": string | null;
          "tax_id": string | null;
          "territory": string | null;
          "tier": string | null;
          "updated_at": string;
          "version": number;
        };
        ComputedFields: never;
        Insert: {
          "company_name": string;
          "contact_name": string;
          "created_at": string;
          "credit_limit": number;
          "discount_percent": number;
          "email": string;
          "id": string;
          "owner_id"?: string | null;
          "phone"?: string | null;
          "status": string;
          "status_reason"?: string | null;
          "tax_id"?: string | null;
          "territory"?: string | null;
          "tier"?: string | null;
          "updated_at": string;
          "version": number;
        };
        Update: {
          "company_name"?: string;
          "contact_name"?: string;
          "created_at"?: string;
          "credit_limit"?: number;
          "discount_percent"?: number;
          "email"?: string;
          "id"?: string;
          "owner_id"?: string | null;
          "phone"?: string | null;
          "status"?: string;
          "status_reason"?: string | null;
          "tax_id"?: string | null;
          "territory"?: string | null;
          "tier"?: string | null;
          "updated_at"?: string;
          "version"?: number;
        };
        Relationships: [];
      };
      "event_types": {
        Row: {
          "active": boolean;
          "aggregate_type": string;
          "created_at": string;
          "description": string;
          "event_type": string;
          "example": NonNullable<Json>;
          "json_schema": NonNullable<Json>;
          "posted_by": (string)[];
          "schema_version": number;
          "source": string;
          "updated_at": string;
        };
        ComputedFields: never;
        Insert: {
          "active"?: boolean;
          "aggregate_type": string;
          "created_at"?: string;
          "description": string;
          "event_type": string;
          "example": NonNullable<Json>;
          "json_schema": NonNullable<Json>;
          "posted_by": (string)[];
          "schema_version"?: number;
          "source"?: string;
          "updated_at"?: string;
        };
        Update: {
          "active"?: boolean;
          "aggregate_type"?: string;
          "created_at"?: string;
          "description"?: string;
          "event_type"?: string;
          "example"?: NonNullable<Json>;
          "json_schema"?: NonNullable<Json>;
          "posted_by"?: (string)[];
          "schema_version"?: number;
          "source"?: string;
          "updated_at"?: string;
        };
        Relationships: [];
      };
      "events": {
        Row: {
          "aggregate_id": string;
          "aggregate_type": string;
          "aggregate_version": number;
          "causation_id": string | null;
          "correlation_id": string | null;
          "created_at": string;
          "created_by": string;
          "data": NonNullable<Json>;
          "event_number": number;
          "event_type": string;
          "id": string;
          "idempotency_key": string | null;
          "metadata": NonNullable<Json>;
          "next_attempt_at": string | null;
          "owner_id": string | null;
          "processed": boolean;
          "processed_at": string | null;
          "processing_attempts": number;
          "processing_error": string | null;
          "schema_version": number;
          "skip_reason": string | null;
          "user_id": string | null;
        };
        ComputedFields: never;
        Insert: {
          "aggregate_id": string;
          "aggregate_type": string;
          "aggregate_version": number;
          "causation_id"?: string | null;
          "correlation_id"?: string | null;
          "created_at": string;
          "created_by": string;
          "data": NonNullable<Json>;
          "event_number"?: number;
          "event_type": string;
          "id": string;
          "idempotency_key"?: string | null;
          "metadata"?: NonNullable<Json>;
          "next_attempt_at"?: string | null;
          "owner_id"?: string | null;
          "processed"?: boolean;
          "processed_at"?: string | null;
          "processing_attempts"?: number;
          "processing_error"?: string | null;
          "schema_version": number;
          "skip_reason"?: string | null;
          "user_id"?: string | null;
        };
        Update: {
          "aggregate_id"?: string;
          "aggregate_type"?: string;
          "aggregate_version"?: number;
          "causation_id"?: string | null;
          "correlation_id"?: string | null;
          "created_at"?: string;
          "created_by"?: string;
          "data"?: NonNullable<Json>;
          "event_number"?: number;
          "event_type"?: string;
          "id"?: string;
          "idempotency_key"?: string | null;
          "metadata"?: NonNullable<Json>;
          "next_attempt_at"?: string | null;
          "owner_id"?: string | null;
          "processed"?: boolean;
          "processed_at"?: string | null;
          "processing_attempts"?: number;
          "processing_error"?: string | null;
          "schema_version"?: number;
          "skip_reason"?: string | null;
          "user_id"?: string | null;
        };
        Relationships: [];
      };
      "order_items": {
        Row: {
          "line": number;
          "line_total": number;
          "name": string;
          "order_id": string;
          "owner_id": string | null;
          "product_id": string;
          "quantity": number;
          "sku": string;
          "unit_price": number;
        };
        ComputedFields: never;
        Insert: {
          "line": number;
          "line_total": number;
          "name": string;
          "order_id": string;
          "owner_id"?: string | null;
          "product_id": string;
          "quantity": number;
          "sku": string;
          "unit_price": number;
        };
        Update: {
          "line"?: number;
          "line_total"?: number;
          "name"?: string;
          "order_id"?: string;
          "owner_id"?: string | null;
          "product_id"?: string;
          "quantity"?: number;
          "sku"?: string;
          "unit_price"?: number;
        };
        Relationships: [
          {
            foreignKeyName: "order_items_belong_to_an_order";
            columns: ["order_id"];
            isOneToOne: false;
            referencedRelation: "orders";
            referencedColumns: ["id"];
          },
        ];
      };
      "orders": {
        Row: {
          "amount_paid": number;
          "amount_refunded": number;
          "cancellation_reason": string | null;
          "cancelled_at": string | null;
          "carrier": string | null;
          "created_at": string;
          "customer_id": string;
          "fulfilled_at": string | null;
          "id": string;
          "notes": string | null;
          "owner_id": string | null;
          "payment_status": string;
          "placed_at": string | null;
          "shipping_address": Json | null;
          "status": string;
          "total": number;
          "tracking_number": string | null;
          "updated_at": string;
          "version": number;
        };
        ComputedFields: never;
        Insert: {
          "amount_paid": number;
          "amount_refunded": number;
          "cancellation_reason"?: string | null;
          "cancelled_at"?: string | null;
          "carrier"?: string | null;
          "created_at": string;
          "customer_id": string;
          "fulfilled_at"?: string | null;
          "id": string;
          "notes"?: string | null;
          "owner_id"?: string | null;
          "payment_status": string;
          "placed_at"?: string | null;
          "shipping_address"?: Json | null;
          "status": string;
          "total": number;
          "tracking_number"?: string | null;
          "updated_at": string;
          "version": number;
        };
        Update: {
          "amount_paid"?: number;
          "amount_refunded"?: number;
          "cancellation_reason"?: string | null;
          "cancelled_at"?: string | null;
          "carrier"?: string | null;
          "created_at"?: string;
          "customer_id"?: string;
          "fulfilled_at"?: string | null;
          "id"?: string;
          "notes"?: string | null;
          "owner_id"?: string | null;
          "payment_status"?: string;
          "placed_at"?: string | null;
          "shipping_address"?: Json | null;
          "status"?: string;
          "total"?: number;
          "tracking_number"?: string | null;
          "updated_at"?: string;
          "version"?: number;
        };
        Relationships: [];
      };
      "payments": {
        Row: {
          "amount": number;
          "amount_refunded": number;
          "created_at": string;
          "failure_reason": string | null;
          "id": string;
          "method": string;
          "order_id": string;
          "owner_id": string | null;
          "reference": string | null;
          "status": string;
          "updated_at": string;
          "version": number;
        };
        ComputedFields: never;
        Insert: {
          "amount": number;
          "amount_refunded": number;
          "created_at": string;
          "failure_reason"?: string | null;
          "id": string;
          "method": string;
          "order_id": string;
          "owner_id"?: string | null;
          "reference"?: string | null;
          "status": string;
          "updated_at": string;
          "version": number;
        };
        Update: {
          "amount"?: number;
          "amount_refunded"?: number;
          "created_at"?: string;
          "failure_reason"?: string | null;
          "id"?: string;
          "method"?: string;
          "order_id"?: string;
          "owner_id"?: string | null;
          "reference"?: string | null;
          "status"?: string;
          "updated_at"?: string;
          "version"?: number;
        };
        Relationships: [];
      };
      "product_costs": {
        Row: {
          "cost": number;
          "product_id": string;
        };
        ComputedFields: never;
        Insert: {
          "cost": number;
          "product_id": string;
        };
        Update: {
          "cost"?: number;
          "product_id"?: string;
        };
        Relationships: [
          {
            foreignKeyName: "product_costs_belong_to_a_product";
            columns: ["product_id"];
            isOneToOne: true;
            referencedRelation: "products";
            referencedColumns: ["id"];
          },
        ];
      };
      "products": {
        Row: {
          "base_price": number;
          "category": string | null;
          "created_at": string;
          "description": string | null;
          "id": string;
          "name": string;
          "owner_id": string | null;
          "price_effective_date": string | null;
          "sku": string;
          "status": string;
          "stock_quantity": number;
          "updated_at": string;
          "version": number;
        };
        ComputedFields: never;
        Insert: {
          "base_price": number;
          "category"?: string | null;
          "created_at": string;
          "description"?: string | null;
          "id": string;
          "name": string;
          "owner_id"?: string | null;
          "price_effective_date"?: string | null;
          "sku": string;
          "status": string;
          "stock_quantity": number;
          "updated_at": string;
          "version": number;
        };
        Update: {
          "base_price"?: number;
          "category"?: string | null;
          "created_at"?: string;
          "description"?: string | null;
          "id"?: string;
          "name"?: string;
          "owner_id"?: string | null;
          "price_effective_date"?: string | null;
          "sku"?: string;
          "status"?: string;
          "stock_quantity"?: number;
          "updated_at"?: string;
          "version"?: number;
        };
        Relationships: [];
      };
      "state_changes": {
        Row: {
          "after": Json | null;
          "before": Json | null;
          "change_number": number;
          "created_at": string;
          "event_id": string;
          "event_number": number;
          "operation": string;
          "row_id": string;
          "table_name": string;
        };
        ComputedFields: never;
        Insert: {
          "after"?: Json | null;
          "before"?: Json | null;
          "change_number"?: never;
          "created_at"?: string;
          "event_id": string;
          "event_number": number;
          "operation": string;
          "row_id": string;
          "table_name": string;
        };
        Update: {
          "after"?: Json | null;
          "before"?: Json | null;
          "change_number"?: never;
          "created_at"?: string;
          "event_id"?: string;
          "event_number"?: number;
          "operation"?: string;
          "row_id"?: string;
          "table_name"?: string;
        };
        Relationships: [];
      };
      "user_roles": {
        Row: {
          "created_at": string;
          "role": string;
          "user_id": string;
        };
        ComputedFields: never;
        Insert: {
          "created_at"?: string;
          "role": string;
          "user_id": string;
        };
        Update: {
          "created_at"?: string;
          "role"?: string;
          "user_id"?: string;
        };
        Relationships: [];
      };
    };
    Views: {
      "event_stream": {
        Row: {
          "aggregate_id": string;
          "aggregate_type": string;
          "aggregate_version": number;
          "causation_id": string | null;
          "correlation_id": string | null;
          "created_at": string;
          "created_by": string;
          "data": NonNullable<Json>;
          "description": string | null;
          "event_number": number;
          "event_type": string;
          "id": string;
          "metadata": NonNullable<Json>;
          "processed": boolean;
          "processed_at": string | null;
          "processing_error": string | null;
          "user_id": string | null;
        };
        ComputedFields: never;
        Relationships: [];
      };
    };
    Functions: {
      "ack_subscription": {
        Args: { "p_actor": string; "p_event_number": number; "p_name": string };
        Returns: Json;
      };
      "agent_record": { Args: { "p_agent": string }; Returns: Json };
      "agents_tick": { Args: { "p_limit"?: number }; Returns: Json };
      "am_i_staff": { Args: Record<PropertyKey, never>; Returns: boolean };
      "approve_decision": {
        Args: { "p_decision_id": string; "p_note"?: string; "p_version": number };
        Returns: Json;
      };
      "blocked_events": { Args: { "p_event_numbers": (number)[] }; Returns: (number)[] };
      "cancel_rebuild": {
        Args: { "p_actor": string; "p_error"?: string; "p_id": string };
        Returns: Json;
      };
      "catch_up_rebuild": {
        Args: {
          "p_hold": boolean;
          "p_id": string;
          "p_limit": number;
          "p_page": Json;
          "p_worker": string;
        };
        Returns: Json;
      };
      "close_record_review": {
        Args: {
          "p_agent": string;
          "p_cases": number;
          "p_decision_type": string;
          "p_policy_version": number;
          "p_record": Json;
          "p_verdict": string;
        };
        Returns: string;
      };
      "commit_deliveries": {
        Args: { "p_name": string; "p_result": Json; "p_token": number; "p_worker": string };
        Returns: undefined;
      };
      "commit_events": {
        Args: { "p_batch": Json; "p_leases": Json; "p_release"?: boolean; "p_worker": string };
        Returns: undefined;
      };
      "compensate_decision": {
        Args: { "p_decision_id": string; "p_reason": string };
        Returns: Json;
      };
      "confirm_rebuild": { Args: { "p_actor": string; "p_id": string }; Returns: Json };
      "create_subscription": { Args: { "p_actor": string; "p_subscription": Json }; Returns: Json };
      "database_manager_status": { Args: { "p_generations": Json }; Returns: Json };
      "decision_standing": { Args: { "p_decision_id": string }; Returns: Json };
      "delete_subscription": { Args: { "p_actor": string; "p_name": string }; Returns: boolean };
      "due_record_reviews": { Args: Record<PropertyKey, never>; Returns: Json };
      "edit_decision": {
        Args: { "p_decision_id": string; "p_edit": Json; "p_user_id": string; "p_version": number };
        Returns: Json;
      };
      "emails_of": { Args: { "p_user_ids": (string)[] }; Returns: Json };
      "event_statistics": { Args: Record<PropertyKey, never>; Returns: Json };
      "failed_attempts": { Args: { "p_event_id": string }; Returns: Json };
      "get_aggregate_events": {
        Args: {
          "p_after_version"?: number;
          "p_aggregate_id": string;
          "p_aggregate_type": string;
          "p_limit"?: number;
        };
        Returns: {
          "aggregate_id": string;
          "aggregate_type": string;
          "aggregate_version": number;
          "causation_id": string | null;
          "correlation_id": string | null;
          "created_at": string;
          "created_by": string;
          "data": NonNullable<Json>;
          "event_number": number;
          "event_type": string;
          "id": string;
          "idempotency_key": string | null;
          "metadata": NonNullable<Json>;
          "next_attempt_at": string | null;
          "owner_id": string | null;
          "processed": boolean;
          "processed_at": string | null;
          "processing_attempts": number;
          "processing_error": string | null;
          "schema_version": number;
          "skip_reason": string | null;
          "user_id": string | null;
        }[];
        SetofOptions: {
          from: "*";
          to: "events";
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      "get_aggregates_page": {
        Args: {
          "p_after_id": string;
          "p_aggregate_type": string;
          "p_as_of"?: string;
          "p_limit": number;
          "p_until_event"?: number;
        };
        Returns: Json;
      };
      "get_rebuild": { Args: { "p_id": string }; Returns: Json };
      "get_subscription": { Args: { "p_actor": string; "p_name": string }; Returns: Json };
      "get_unprocessed_events": {
        Args: { "p_after"?: number; "p_limit"?: number };
        Returns: {
          "aggregate_id": string;
          "aggregate_type": string;
          "aggregate_version": number;
          "causation_id": string | null;
          "correlation_id": string | null;
          "created_at": string;
          "created_by": string;
          "data": NonNullable<Json>;
          "event_number": number;
          "event_type": string;
          "id": string;
          "idempotency_key": string | null;
          "metadata": NonNullable<Json>;
          "next_attempt_at": string | null;
          "owner_id": string | null;
          "processed": boolean;
          "processed_at": string | null;
          "processing_attempts": number;
          "processing_error": string | null;
          "schema_version": number;
          "skip_reason": string | null;
          "user_id": string | null;
        }[];
        SetofOptions: {
          from: "*";
          to: "events";
          isOneToOne: false;
          isSetofReturn: true;
        };
      };
      "holds_deliveries": {
        Args: { "p_name": string; "p_token": number; "p_worker": string };
        Returns: boolean;
      };
      "is_staff": { Args: { "p_user_id": string }; Returns: boolean };
      "leave_rebuild": { Args: { "p_error"?: string; "p_worker": string }; Returns: undefined };
      "list_agents": { Args: Record<PropertyKey, never>; Returns: Json };
      "list_subscriptions": { Args: { "p_actor": string }; Returns: Json };
      "note_call": { Args: { "p_source": string }; Returns: undefined };
      "open_decisions": { Args: { "p_agent": string; "p_decision_type": string }; Returns: Json };
      "open_doorbell": { Args: { "p_call_again"?: boolean }; Returns: undefined };
      "park_event": {
        Args: { "p_actor": string; "p_error": string; "p_event_id": string };
        Returns: Json;
      };
      "pause_processing": {
        Args: { "p_actor": string; "p_aggregate_type": string; "p_reason": string };
        Returns: undefined;
      };
      "platform_health": { Args: Record<PropertyKey, never>; Returns: Json };
      "post_each": { Args: { "p_requests": Json }; Returns: Json };
      "post_event": { Args: { "p_actor": Json; "p_event": Json }; Returns: Json };
      "post_events": { Args: { "p_actor": Json; "p_events": Json }; Returns: Json };
      "priced_categories": { Args: Record<PropertyKey, never>; Returns: string[] };
      "pricing_inputs": {
        Args: { "p_agent": string; "p_category": string; "p_since": string };
        Returns: Json;
      };
      "propose_decision": { Args: { "p_actor": Json; "p_proposal": Json }; Returns: Json };
      "read_feed": {
        Args: {
          "p_after": number;
          "p_aggregate_id"?: string;
          "p_aggregate_type"?: string;
          "p_event_types"?: (string)[];
          "p_limit"?: number;
        };
        Returns: Json;
      };
      "record_outcome": {
        Args: { "p_actor": Json; "p_decision_id": string; "p_outcome": Json };
        Returns: Json;
      };
      "register_event_type": {
        Args: { "p_definition": Json; "p_expected_schema_version": number };
        Returns: Json;
      };
      "reject_decision": {
        Args: { "p_decision_id": string; "p_note"?: string; "p_reason_code": string };
        Returns: Json;
      };
      "release_leases": { Args: { "p_worker": string }; Returns: undefined };
      "replay_subscription": {
        Args: { "p_actor": string; "p_after": number; "p_name": string };
        Returns: Json;
      };
      "request_processing": {
        Args: { "p_actor": string; "p_event_ids": (string)[]; "p_reason"?: string };
        Returns: undefined;
      };
      "resume_processing": {
        Args: { "p_actor": string; "p_aggregate_type": string; "p_reason"?: string };
        Returns: undefined;
      };
      "retry_event": {
        Args: { "p_actor": string; "p_event_id": string; "p_reason"?: string };
        Returns: Json;
      };
      "retry_failed_events": {
        Args: { "p_actor": string; "p_error_code": string; "p_reason"?: string };
        Returns: number;
      };
      "roll_back_rebuild": {
        Args: { "p_actor": string; "p_id": string; "p_reason"?: string };
        Returns: Json;
      };
      "row_blame": { Args: { "p_row_id": string; "p_table": string }; Returns: Json };
      "scan_rebuild": {
        Args: { "p_id": string; "p_limit": number; "p_page": Json; "p_worker": string };
        Returns: Json;
      };
      "set_agent_policy": {
        Args: {
          "p_agent": string;
          "p_decision_type": string;
          "p_expected_version"?: number;
          "p_reason"?: string;
          "p_terms": Json;
        };
        Returns: Json;
      };
      "set_agent_stopped": {
        Args: { "p_agent": string; "p_reason": string; "p_stopped": boolean };
        Returns: Json;
      };
      "set_event_processing": {
        Args: { "p_actor": string; "p_error"?: string; "p_event_id": string; "p_status": string };
        Returns: Json;
      };
      "sign_promotion": {
        Args: { "p_agent": string; "p_decision_type": string; "p_terms"?: Json };
        Returns: Json;
      };
      "skip_event": {
        Args: { "p_actor": string; "p_event_id": string; "p_reason": string };
        Returns: Json;
      };
      "start_rebuild": {
        Args: {
          "p_actor": string;
          "p_aggregate_types": (string)[];
          "p_generations": Json;
          "p_kind": string;
          "p_reason"?: string;
          "p_rolls_back"?: string;
          "p_switch_by_hand": boolean;
        };
        Returns: Json;
      };
      "switch_rebuild": { Args: { "p_id": string; "p_worker": string }; Returns: Json };
      "take_deliveries": {
        Args: { "p_lease_seconds"?: number; "p_limit"?: number; "p_worker": string };
        Returns: Json;
      };
      "take_events": {
        Args: {
          "p_batch"?: number;
          "p_lease_seconds"?: number;
          "p_partitions"?: number;
          "p_worker": string;
        };
        Returns: Json;
      };
      "take_rebuild": { Args: { "p_worker": string }; Returns: Json };
      "trace_event": { Args: { "p_event_id": string; "p_limit"?: number }; Returns: Json };
      "try_events": { Args: { "p_actor": Json; "p_events": Json }; Returns: Json };
      "try_rows": { Args: { "p_upserts": Json }; Returns: Json };
      "withdraw_decision": {
        Args: { "p_actor": Json; "p_decision_id": string; "p_reason": string };
        Returns: Json;
      };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof (
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
      & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"]
    )
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals } ? (
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    & DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"]
  )[TableName] extends {
    Row: infer R;
  } ? R
  : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R;
    } ? R
    : never
  : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends
    {
      Insert: infer I;
    } ? I
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I;
    } ? I
    : never
  : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends
    {
      Update: infer U;
    } ? U
  : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U;
    } ? U
    : never
  : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  } ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][
    CompositeTypeName
  ]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never;

export const Constants = {
  "public": {
    Enums: {},
  },
} as const;
