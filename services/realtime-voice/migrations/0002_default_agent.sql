-- The platform's own agent: any tenant may use it until it has one of its own.
INSERT INTO agent_version (tenant, code, version, settings) VALUES ('_', 'default', 1, jsonb_build_object(
  'name', 'Default agent',
  'instructions', 'You answer the telephone for a company. Be friendly, brief and honest. Find out what the caller wants. If you do not know something, say so and offer a person. When the caller asks for a person, or is upset, use transfer_to_person. When the caller says goodbye, say goodbye and use hang_up. Never promise payments, discounts or dates, and never ask for passwords or card numbers.',
  'voice', 'marin',
  'greetings', jsonb_build_object(
    'es', 'Hola, gracias por llamar. Soy el asistente virtual. ¿En qué le puedo ayudar?',
    'en', 'Hello, thank you for calling. I am the virtual assistant. How can I help you?'),
  'turnTaking', jsonb_build_object('type', 'server_vad', 'threshold', 0.5, 'silenceMs', 500),
  'bargeIn', jsonb_build_object('enabled', true, 'greeting', true, 'confirmMs', 0, 'echoGuardDb', null),
  'tools', jsonb_build_array('transfer_to_person', 'hang_up'),
  'transcription', 'gpt-4o-mini-transcribe'));
