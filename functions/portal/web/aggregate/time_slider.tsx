import { Label, Slider, SliderThumb, SliderTrack } from "react-aria-components";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { When } from "../parts/when.tsx";

/** Moves through the versions of an aggregate; arrows step, Home and End jump. */
export function TimeSlider({ history, version, onMove }: {
  history: readonly StoredEvent[];
  version: number;
  onMove: (version: number) => void;
}) {
  const event = history[version - 1];
  return (
    <section className="card">
      <Slider
        className="slider"
        minValue={1}
        maxValue={Math.max(history.length, 1)}
        value={version}
        isDisabled={history.length < 2}
        onChange={onMove}
      >
        <div className="row spread">
          <Label>Version</Label>
          <span>
            <strong>{version}</strong> {`of ${history.length}`}
            {event && (
              <>
                · {event.event_type} · <When at={event.created_at} both />
              </>
            )}
          </span>
        </div>
        <SliderTrack className="track">
          <SliderThumb className="thumb" />
        </SliderTrack>
      </Slider>
    </section>
  );
}
