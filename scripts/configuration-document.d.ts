/** A whole configuration that the schema takes: for the document, and for the test that parses it. */
export declare const exampleConfiguration: {
    terminal: {
        name: string;
        language: string;
        timeZone: string;
        dataFolder: string;
    };
    merchant: {
        lines: string[];
    };
    api: {
        root: string;
        macId: string;
    };
    key: {
        file: string;
    };
    spot: {
        locationId: number;
        identifier: string;
        place: string;
        name: string;
    };
    payment: {
        currency: string;
    };
    requests: {
        perHour: number;
    };
    printer: {
        connection: {
            type: string;
            host: string;
            port: number;
        };
        profile: string;
    };
    till: {
        port: number;
    };
    screens: {
        port: number;
    };
    log: {
        level: string;
    };
};
/** docs/configuration.md, made from the schema that checks the configuration. */
export declare function configurationDocument(): string;
