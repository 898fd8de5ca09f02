package trapline.scenario;

import org.jspecify.annotations.Nullable;
import trapline.bundle.GuestCatalogue;

/** The guests of the catalogue, for bundles: under all their names, and with their whole C. */
public final class CatalogueGuests implements GuestCatalogue {

    @Override
    public byte @Nullable [] find(String name) {
        return Catalogue.find("guest/" + name);
    }
}
