package trapline.block;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * JSON of somebody else's as our records: limited in depth, length and number of tokens, every field there and of its
 * type, nothing null anywhere, no key twice. Unknown keys are left for later versions.
 */
public final class StrictJson {

    private static final int DEPTH_MAX = 8;
    private static final int STRING_CHARACTERS_MAX = 1 << 20;
    private static final int NAME_CHARACTERS_MAX = 4096;
    private static final int NUMBER_CHARACTERS_MAX = 24;

    private StrictJson() {}

    /**
     * A reader.
     *
     * @param tokensMax of one document; a token takes some 30 bytes of memory
     */
    public static JsonMapper mapper(int tokensMax) {
        return builder(tokensMax).build();
    }

    /** As above, to be completed. */
    static JsonMapper.Builder builder(int tokensMax) {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(DEPTH_MAX)
                .maxStringLength(STRING_CHARACTERS_MAX)
                .maxNameLength(NAME_CHARACTERS_MAX)
                .maxNumberLength(NUMBER_CHARACTERS_MAX)
                .maxTokenCount(tokensMax)
                .build();
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(limits)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));
    }
}
