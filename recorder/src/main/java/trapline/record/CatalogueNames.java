package trapline.record;

import java.util.Iterator;
import java.util.List;
import trapline.scenario.Catalogue;

/** Names of the catalogue that a shell can complete. */
abstract class CatalogueNames implements Iterable<String> {

    private final List<String> names;

    private CatalogueNames(List<String> names) {
        this.names = names;
    }

    @Override
    public Iterator<String> iterator() {
        return names.iterator();
    }

    static final class Scenarios extends CatalogueNames {
        Scenarios() {
            super(Catalogue.names("scenarios", ".yaml"));
        }
    }

    static final class Flows extends CatalogueNames {
        Flows() {
            super(Catalogue.names("guest/flows", ".o"));
        }
    }

    static final class Workloads extends CatalogueNames {
        Workloads() {
            super(Catalogue.names("guest/workloads", ".o"));
        }
    }

    /** What {@code --set} can begin with. */
    static final class Keys extends CatalogueNames {
        Keys() {
            super(List.of(
                    "cpus=",
                    "memory=",
                    "limits.instructions=",
                    "schedule.kind=",
                    "schedule.quantum=",
                    "schedule.seed=",
                    "schedule.changes=",
                    "schedule.length=",
                    "variables."));
        }
    }
}
